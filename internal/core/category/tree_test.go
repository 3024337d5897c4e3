package category

import (
	"encoding/json"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
)

func TestTreeHoldsTheOfficialCategories(t *testing.T) {
	official := strings.Fields(`社区服务 扶贫减贫 支教助学 卫生健康 法律服务 环境保护 科技科普 文化艺术 平安综治
		文明风尚 交通引导 志愿消防 应急救援 禁毒宣传 体育健身 旅游服务 关爱特殊群体 大型活动 海外志愿服务
		税收服务 疫情防控 其他`) // domain.md 1.16
	top := Top()
	if len(top) != len(official) {
		t.Fatalf("%d official categories, not %d", len(top), len(official))
	}
	for i, s := range top {
		if s.Name != official[i] || s.Code != uint32(100*(i+1)) {
			t.Errorf("category %d is %s %d, not %s", i, s.Name, s.Code, official[i])
		}
		if len(Children(s.Code)) == 0 {
			t.Errorf("%s has no service below it", s.Name)
		}
	}
}

// What is published must not change: an id or code of this list that is gone
// breaks stored orders and skills.
func TestCodesStay(t *testing.T) {
	for id, code := range map[string]uint32{
		"haircut": 101, "repair_appliance": 102, "repair_radio": 103, "change_bulb": 104, "fix_water": 105,
		"clean_home": 110, "clinic_escort": 401, "buy_medicine": 402, "legal_advice": 501, "phone_lesson": 701,
		"mediation": 901, "stove_check": 1202, "emergency_help": 1301, "chat": 1701, Fallback: 2201,
	} {
		if s, ok := ByID(id); !ok || s.Code != code {
			t.Errorf("%s has code %d, not %d", id, s.Code, code)
		}
		if s, ok := ByCode(code); !ok || s.ID != id {
			t.Errorf("code %d is %s, not %s", code, s.ID, id)
		}
	}
}

func TestServicesAreComplete(t *testing.T) {
	slug := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	icons := strings.Fields(`alert award bag book broom cal camera chat clinic gift heart house lists meet more nav
		orders people phone pin scissors shield smile sprout star walk wrench`)
	places := []Where{AtHome, Escort, Errand, AtVenue}
	for _, s := range All() {
		if !slug.MatchString(s.ID) || s.Name == "" || s.English == "" || s.Title == "" {
			t.Errorf("%d %q: name, title or slug is missing or wrong", s.Code, s.ID)
		}
		if !slices.Contains(icons, s.Icon) {
			t.Errorf("%s: no icon %q", s.ID, s.Icon)
		}
		if s.Minutes < 10 || s.Minutes > 480 || s.People < 1 || s.People > 10 || !slices.Contains(places, s.Where) {
			t.Errorf("%s: %d minutes, %d people, at %q", s.ID, s.Minutes, s.People, s.Where)
		}
		for _, r := range s.Risks {
			if !slices.Contains(Risks(), r) {
				t.Errorf("%s: no risk %q", s.ID, r)
			}
		}
		if _, ok := ByCode(s.Parent()); !ok {
			t.Errorf("%s: nothing above it", s.ID)
		}
	}
}

func TestUnknownNodes(t *testing.T) {
	if _, ok := ByID("no_such_service"); ok {
		t.Error("found an id that does not exist")
	}
	if _, ok := ByCode(199); ok {
		t.Error("found a code that does not exist")
	}
	if got := Children(101); got != nil {
		t.Errorf("a service has children: %v", got)
	}
}

func TestAllIsACopy(t *testing.T) {
	All()[0].Name = "changed"
	if All()[0].Name == "changed" {
		t.Error("a caller can change the tree")
	}
}

func TestBrokenTreeIsRefused(t *testing.T) {
	good := "101\ta\t甲\tA\tmore\t30\thome\t1\t-\t-\t-\n"
	for name, text := range map[string]string{
		"columns":    "101\ta\t甲\n",
		"code":       strings.Replace(good, "101", "x", 1),
		"minutes":    strings.Replace(good, "30", "x", 1),
		"people":     strings.Replace(good, "\t1\t", "\tx\t", 1),
		"same twice": good + good,
	} {
		if _, err := readTree(text); err == nil {
			t.Errorf("%s: a broken tree was read", name)
		}
	}
}

// Every sentence that may be shown has an English one.
func TestNoticesAreTranslated(t *testing.T) {
	data, err := os.ReadFile("../ui/locale/en.category.json")
	if err != nil {
		t.Fatal(err)
	}
	english := map[string]string{}
	if err := json.Unmarshal(data, &english); err != nil {
		t.Fatal(err)
	}
	var shown []string
	for _, r := range Risks() {
		shown = append(shown, r.Notice())
	}
	for _, s := range All() {
		if s.Notice() != "" {
			shown = append(shown, s.Notice())
		}
	}
	for _, kind := range []string{"medical", "fire", "gas", "police", "missing", "crisis"} {
		shown = append(shown, adviceFor(kind))
	}
	for _, sentence := range shown {
		if sentence == "" || english[sentence] == "" {
			t.Errorf("no English for %q", sentence)
		}
	}
}
