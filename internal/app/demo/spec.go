package demo

// spec is one community as it is published, with the invented ground it stands on.
type spec struct {
	key        string
	id, street string // place ids
	name       string
	phone      string  // of the station; 5550 is no exchange
	worker     string  // who works there
	lat, lng   float64 // of its middle, roughly
	households int
	residents  int
	volunteers int
	old        float64 // share of households in which only elders live
	grids      int     // 0: estates stand directly below the community
	estates    []estate
	orders     int // of a usual month
	monthly    int // closed in the month of the loading, at least
	no         int // of the community: where its telephone numbers and ids begin
}

// estate is a housing estate: so many buildings of the same kind.
type estate struct {
	name                 string
	buildings            int
	units, floors, doors int // doors on each floor of a unit
	east, north          int // metres from the middle of the community
	apart                int // metres between buildings
}

// The four communities whose people are known. Their numbers in the file of
// published figures: residents and households are exact where it says "about".
var (
	dongfenglunan = spec{
		key: "dongfenglunan", no: 1, id: "130104016901", street: "130104016000", name: "东风路南社区", phone: "0311-5550-0126",
		lat: 38.0302, lng: 114.4706, households: 2186, residents: 5327, volunteers: 412, old: 0.36, orders: 50, monthly: 86,
		estates: []estate{
			{"邮电园小区", 9, 4, 6, 2, -210, 160, 42},
			{"3302南院", 8, 4, 6, 2, 180, 170, 42},
			{"新燕小区", 9, 4, 6, 2, -240, -120, 42},
			{"棉纺宿舍", 10, 3, 5, 2, 120, -60, 38},
			{"槐安里", 8, 4, 6, 2, 280, -190, 42},
			{"东风花园", 4, 2, 18, 2, -20, -280, 55},
		},
	}
	chaoyangli = spec{
		key: "chaoyangli", no: 2, id: "120101004901", street: "120101004000", name: "朝阳里社区", phone: "022-5550-0318", worker: "苏慧敏",
		lat: 39.1052, lng: 117.1944, households: 2040, residents: 4862, volunteers: 3966, old: 0.4, grids: 11, orders: 14,
		estates: []estate{
			{"朝阳里", 6, 3, 6, 2, -260, 190, 40}, {"裕和里", 6, 3, 6, 2, -80, 210, 40}, {"新津里", 6, 3, 6, 2, 110, 200, 40},
			{"竹安里", 6, 3, 6, 2, 280, 180, 40}, {"兴泰里", 6, 3, 6, 2, -270, 20, 40}, {"同德里", 6, 3, 6, 2, -90, 30, 40},
			{"文华里", 6, 3, 6, 2, 100, 20, 40}, {"保定里", 6, 3, 6, 2, 290, 10, 40}, {"四平里", 6, 3, 6, 2, -180, -160, 40},
			{"长春里", 6, 3, 6, 2, 20, -170, 40}, {"永善里", 6, 3, 6, 2, 220, -180, 40},
		},
	}
	yangming = spec{
		key: "yangming", no: 3, id: "430104010901", street: "430104010000", name: "阳明山庄社区", phone: "0731-5550-0210", worker: "龙静",
		lat: 28.1906, lng: 112.8952, households: 1427, residents: 4500, volunteers: 736, old: 0.1, orders: 12,
		estates: []estate{
			{"阳明山庄一期", 9, 2, 11, 2, -280, 120, 55}, {"阳明山庄二期", 8, 2, 18, 2, 60, 160, 60}, {"阳明山庄三期", 7, 2, 18, 2, 120, -190, 60},
		},
	}
	tatan = spec{
		key: "tatan", no: 4, id: "130104019901", street: "130104019000", name: "塔谈社区", phone: "0311-5550-0215", worker: "郝丽娟",
		lat: 37.9985, lng: 114.4742, households: 7100, residents: 12000, volunteers: 640, old: 0.2, grids: 6, orders: 12,
		estates: []estate{
			{"塔谈家园", 9, 2, 27, 4, -330, 210, 60}, {"汇通苑", 8, 2, 24, 4, 140, 260, 60}, {"南城一品", 8, 2, 27, 4, 380, 30, 60},
			{"塔谈新村", 12, 4, 6, 3, -380, -110, 42}, {"时光里", 8, 2, 26, 4, -20, -80, 60}, {"和顺园", 7, 2, 24, 4, 230, -290, 60},
		},
	}
)

// others lists the communities besides 东风路南.
func others() []spec { return []spec{chaoyangli, yangming, tatan} }
