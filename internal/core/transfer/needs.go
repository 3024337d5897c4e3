package transfer

// Headings of the list of needs, word for word (domain.md, section 4), and those that
// lists have besides.
const (
	NeedSerial    = "序号"
	NeedNo        = "需求编号"
	NeedDay       = "提出日期"
	NeedSource    = "需求来源"
	NeedAsker     = "提出人"
	NeedGrid      = "所在网格"
	NeedPhone     = "联系电话"
	NeedService   = "需求类别"
	NeedContent   = "需求内容"
	NeedFor       = "服务对象"
	NeedUrgency   = "紧急程度"
	NeedTime      = "期望时间"
	NeedRisk      = "风险说明"
	NeedWorker    = "受理人"
	NeedState     = "状态"
	NeedProject   = "对应项目编号"
	NeedDone      = "完成日期"
	NeedOpinion   = "满意度"
	NeedArea      = "所在社区"
	NeedAddress   = "服务地点"
	NeedLatitude  = "纬度"
	NeedLongitude = "经度"
	NeedPeople    = "需要人数"
	NeedLength    = "服务时长"
	NeedPartner   = "结对志愿者"
)

// NeedsList is the 需求清单: what residents have asked for. What stands behind 满意度 is
// not of the official list; it makes a plan better when it is there.
func NeedsList() Form {
	return Form{Title: "需求清单", Headings: []Heading{
		{Name: NeedSerial, Aliases: []string{"No", "No."}, Serial: true, Width: 6},
		{Name: NeedNo, Aliases: []string{"单号", "编号", "订单编号", "诉求编号"}, Width: 18},
		{Name: NeedDay, Aliases: []string{"登记日期", "下单日期", "提出时间"}, Width: 12},
		{Name: NeedSource, Aliases: []string{"来源"}, Width: 10},
		{Name: NeedAsker, Aliases: []string{"诉求人", "诉求人姓名", "下单人"}, Width: 12},
		{Name: NeedGrid, Aliases: []string{"网格", "网格名称"}, Width: 14},
		{Name: NeedPhone, Aliases: []string{"手机号码", "手机号", "手机", "电话", "联系方式"}, Width: 15},
		{Name: NeedService, Aliases: []string{"服务类别", "服务项目", "诉求类型", "需求类型"}, Required: true, Width: 14},
		{Name: NeedContent, Aliases: []string{"服务内容", "诉求内容", "服务需求", "内容"}, Width: 30},
		{Name: NeedFor, Aliases: []string{"服务对象姓名", "姓名"}, Width: 12},
		{Name: NeedUrgency, Aliases: []string{"急不急", "缓急"}, Width: 10},
		{Name: NeedTime, Aliases: []string{"希望时间", "服务时间", "预约时间", "上门时间"}, Width: 20},
		{Name: NeedRisk, Aliases: []string{"风险"}, Width: 16},
		{Name: NeedWorker, Width: 10},
		{Name: NeedState, Aliases: []string{"办理状态", "进度"}, Width: 10},
		{Name: NeedProject, Width: 14},
		{Name: NeedDone, Width: 12},
		{Name: NeedOpinion, Width: 10},
		{Name: NeedArea, Aliases: []string{"居住区域", "居住社区", "所属社区", "社区"}, Width: 16},
		{Name: NeedAddress, Aliases: []string{"居住地址", "住址", "地址", "详细地址"}, Width: 28},
		{Name: NeedLatitude, Aliases: []string{"lat", "latitude"}, Width: 11},
		{Name: NeedLongitude, Aliases: []string{"lng", "lon", "longitude"}, Width: 11},
		{Name: NeedPeople, Aliases: []string{"人数", "需要几人"}, Width: 8},
		{Name: NeedLength, Aliases: []string{"服务时长(分钟)", "时长"}, Width: 10},
		{Name: NeedPartner, Aliases: []string{"以前来过的志愿者"}, Width: 16},
	}}
}

// Headings that a roster may have besides its own.
const (
	RosterLatitude  = NeedLatitude
	RosterLongitude = NeedLongitude
	RosterGrid      = NeedGrid
	RosterLimit     = "每周最多几单"
	RosterWalk      = "最多走几分钟"
)

// PlanningRoster is the 志愿者花名册 with what makes a plan better when it is there.
func PlanningRoster() Form {
	f := VolunteerRoster()
	for i := range f.Headings {
		f.Headings[i].Required = f.Headings[i].Name == RosterName || f.Headings[i].Name == RosterSkills
	}
	f.Headings = append(f.Headings,
		Heading{Name: RosterGrid, Aliases: []string{"网格", "网格名称"}, Width: 14},
		Heading{Name: RosterLatitude, Aliases: []string{"lat", "latitude"}, Width: 11},
		Heading{Name: RosterLongitude, Aliases: []string{"lng", "lon", "longitude"}, Width: 11},
		Heading{Name: RosterLimit, Aliases: []string{"每周上限", "一周最多几单"}, Width: 12},
		Heading{Name: RosterWalk, Aliases: []string{"最远走几分钟", "路程上限"}, Width: 12},
	)
	return f
}
