package demo

import "linli/internal/core/identity"

// family is a household of the mock-ups: people by whom the demo is shown.
type family struct {
	estate  string
	no      int
	door    string
	alone   bool
	members []known
}

// known is one person of it. Who serves has skills.
type known struct {
	name   string
	sex    identity.Sex
	age    int
	note   string
	skills []string
}

const (
	he  = identity.Male
	she = identity.Female
)

// families are those of 东风路南.
func families() []family {
	return []family{
		{"邮电园小区", 3, "2单元401", false, []known{
			{name: "孟桂兰", sex: she, age: 75},
			{name: "孙长山", sex: he, age: 77, note: "腿脚不方便，耳背，敲门大声些。"},
		}},
		{"3302南院", 5, "1单元302", true, []known{{name: "陈秀英", sex: she, age: 77, note: "走路慢，要扶。"}}},
		{"新燕小区", 4, "3单元502", false, []known{{name: "陈小梅", sex: she, age: 47}}},
		{"槐安里", 2, "1单元101", true, []known{{name: "崔桂珍", sex: she, age: 73}}},
		{"3302南院", 1, "2单元201", false, []known{{name: "刘德厚", sex: he, age: 78}, {name: "吴玉芬", sex: she, age: 76}}},
		{"邮电园小区", 5, "1单元202", true, []known{{name: "赵永福", sex: he, age: 80}}},
		{"新燕小区", 2, "1单元301", true, []known{{name: "高凤兰", sex: she, age: 82, note: "高血压，每天吃药。"}}},
		{"棉纺宿舍", 6, "2单元102", true, []known{{name: "吴长顺", sex: he, age: 84, note: "眼睛看不清。"}}},
		{"棉纺宿舍", 3, "1单元402", true, []known{{name: "马玉田", sex: he, age: 79}}},
		{"邮电园小区", 4, "1单元602", false, []known{
			{name: "韩立新", sex: he, age: 57, skills: []string{"haircut", "chat", "fetch_parcel"}}}},
		{"3302南院", 4, "3单元101", false, []known{
			{name: "孙淑琴", sex: she, age: 62, skills: []string{"clinic_escort", "buy_medicine", "phone_lesson", "chat"}}}},
		{"3302南院", 3, "2单元502", false, []known{
			{name: "郭建民", sex: he, age: 60, skills: []string{"patrol", "clinic_escort", "move_things", "read_news", "chat"}}}},
		{"东风花园", 2, "1单元1101", false, []known{
			{name: "林小雨", sex: she, age: 20, skills: []string{"tutor", "phone_lesson", "clinic_escort", "buy_medicine", "clean_home"}}}},
		{"邮电园小区", 7, "3单元302", false, []known{
			{name: "何玉兰", sex: she, age: 58, skills: []string{"clinic_escort", "clean_home", "buy_medicine", "cook_meal", "haircut"}}}},
		{"新燕小区", 6, "2单元201", false, []known{{name: "魏军", sex: he, age: 44, skills: []string{"repair_appliance", "change_bulb", "fix_water"}}}},
		{"邮电园小区", 2, "1单元301", false, []known{
			{name: "方国栋", sex: he, age: 69, skills: []string{"haircut", "repair_appliance", "change_bulb", "fix_water"}}}},
		{"槐安里", 5, "4单元202", false, []known{{name: "秦爱华", sex: she, age: 65, skills: []string{"haircut", "home_visit", "chat"}}}},
	}
}
