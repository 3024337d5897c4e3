package demo

// need is something that people ask for.
type need struct {
	service string
	often   int
	minutes [2]int  // that it takes, from and to
	timed   float64 // how often a time is said
	escort  bool    // begins early, in the morning
	winter  bool    // asked twice as often in winter
	words   []string
}

// needs are what a neighbourhood asks for, in the words in which it does.
func needs() []need {
	return []need{
		{service: "haircut", often: 19, minutes: [2]int{30, 55}, timed: 0.7, words: []string{
			"想请人来家里给老伴理个发。", "头发长了，下不了楼，能不能来家里剪一下？", "快过节了，想理个发，上门来行吗？",
			"我爸躺床上一个月了，想请人来理个发。", "腿不好，想请师傅上门剪头发。"}},
		{service: "clinic_escort", often: 15, minutes: [2]int{120, 220}, timed: 0.95, escort: true, words: []string{
			"要去医院复查，一个人走不稳，想请人陪一下。", "去区医院看眼睛，一个人走不稳，请人陪着去。", "要去医院做检查，孩子在外地，想请人陪。",
			"要去医院取化验单，走路慢，请人扶一把。"}},
		{service: "buy_medicine", often: 10, minutes: [2]int{30, 60}, timed: 0.3, words: []string{
			"降压药快吃完了，请人帮我去药店买两盒。", "请人帮忙去医院开药，医保本在我这儿。", "感冒了出不了门，想请人代买点药。"}},
		{service: "repair_appliance", often: 9, minutes: [2]int{35, 90}, timed: 0.4, words: []string{
			"洗衣机不转了，请人来看看。", "电视没声音，不会弄，请师傅来瞧瞧。", "冰箱不制冷了，里头的菜要坏了。", "电饭锅按下去没反应，能修吗？"}},
		{service: "change_bulb", often: 8, minutes: [2]int{15, 35}, timed: 0.3, winter: true, words: []string{
			"卫生间的灯不亮了，够不着，请人来换个灯泡。", "厨房灯一闪一闪的，想换个灯管。", "楼道口家里这盏灯坏了，请人帮忙换。"}},
		{service: "fix_water", often: 5, minutes: [2]int{30, 60}, timed: 0.4, words: []string{
			"水龙头关不紧，一直滴水。", "厨房下水堵了，水下不去。", "马桶老是漏水，请人来看看。"}},
		{service: "clean_home", often: 8, minutes: [2]int{60, 120}, timed: 0.5, words: []string{
			"腰不好，想请人帮忙打扫一下厨房。", "窗户一年没擦了，我够不着，请人帮帮忙。", "老人一个人住，屋里想收拾收拾。"}},
		{service: "chat", often: 9, minutes: [2]int{40, 80}, timed: 0.4, words: []string{
			"一个人在家闷得慌，想找人说说话。", "老母亲白天一个人，请人来陪着聊聊天。", "想找个人说说话、解解闷。"}},
		{service: "read_news", often: 3, minutes: [2]int{30, 50}, timed: 0.5, words: []string{
			"眼睛看不清了，想请人来念念报。", "请人来读读报，顺便陪我说说话。"}},
		{service: "fetch_parcel", often: 6, minutes: [2]int{15, 35}, timed: 0.3, words: []string{
			"快递在驿站，太重拿不动，请人帮忙拿上来。", "有个包裹到了，我下不了楼。"}},
		{service: "buy_groceries", often: 6, minutes: [2]int{30, 60}, timed: 0.4, winter: true, words: []string{
			"路滑不敢下楼，请人帮我买点菜。", "想请人代买一袋米、一桶油。", "感冒了，请人帮忙买点菜。"}},
		{service: "phone_lesson", often: 6, minutes: [2]int{30, 70}, timed: 0.5, words: []string{
			"不会用手机挂号，想请人来教教。", "想跟孙子视频，手机不会弄。", "微信不会发照片，请人教教我。"}},
		{service: "outing_escort", often: 4, minutes: [2]int{50, 90}, timed: 0.6, words: []string{
			"想下楼走走，一个人不敢，请人陪着。", "想去公园晒晒太阳，请人帮忙推轮椅。"}},
		{service: "move_things", often: 4, minutes: [2]int{25, 60}, timed: 0.5, words: []string{
			"旧柜子太沉，请人来帮忙搬家具。", "床要挪个地方，请两个人来搭把手。"}},
		{service: "measure_pressure", often: 3, minutes: [2]int{15, 30}, timed: 0.4, winter: true, words: []string{
			"有点头晕，想请人来量量血压。", "家里的血压计不准，请人来量一下。"}},
		{service: "tutor", often: 4, minutes: [2]int{60, 100}, timed: 0.7, words: []string{
			"孩子三年级，数学跟不上，想请人辅导作业。", "孩子英语作业我看不懂，请大学生来教教。"}},
		{service: "mend_clothes", often: 2, minutes: [2]int{25, 50}, timed: 0.2, words: []string{
			"裤子拉链坏了，想请人帮忙缝一缝。", "有两件衣服要改短。"}},
		{service: "fix_furniture", often: 2, minutes: [2]int{30, 60}, timed: 0.3, words: []string{
			"柜门掉下来了，请人来装一下。", "纱窗破了，想请人帮忙换。"}},
		{service: "take_photo", often: 1, minutes: [2]int{25, 40}, timed: 0.5, words: []string{
			"金婚了，想请人来家里拍张合影。"}},
		{service: "mediation", often: 2, minutes: [2]int{40, 90}, timed: 0.5, words: []string{
			"楼上漏水，跟邻居说不拢，请人来调解调解。", "跟对门闹了矛盾，想请人来调解。"}},
	}
}

// What sides say when it is over.
func thanks() []string {
	return []string{
		"剪得利索，走的时候地也扫干净了。", "小伙子有耐心，说话也中听。", "比约的时间还早到了五分钟。", "多亏有人陪着，我一个人真不敢去。",
		"修好了，还教我怎么用。", "人好，手艺也好。", "谢谢你们惦记着。", "下回还想请他。", "一分钱没要，水也没喝一口。", "挺好的，就是等了两天。",
		"陪我说了半天话，心里敞亮了。", "办得妥当。", "", "", "", "",
	}
}

func mixed() []string {
	return []string{"来得晚了点，活儿还行。", "修是修好了，过两天再看看。", "人不错，就是太赶了。", ""}
}

func complaints() []string {
	return []string{"灯还是不亮，来的人说要换镇流器。", "还是滴水，没弄好。", "约好上午来，等到中午也没弄完。", "作业还剩一半，孩子没听懂。"}
}

func reports() []string {
	return []string{
		"老人配合，办得顺。", "家里地滑，提醒老人铺块垫子。", "老人一个人住，建议常来看看。", "顺手把插座也看了，没问题。", "都挺好。",
		"老人耳背，敲门要大声。", "药盒帮着分好了。", "卫生间的灯不亮了，建议请人来看看。", "", "", "",
	}
}

func checks() []string {
	return []string{"电话回访，老人很满意。", "按时到，按时走。", "已电话回访。", "记录齐全。", ""}
}

func refusals() []string {
	return []string{"那天没空", "太远了", "身体不舒服", "这件事我不会", "这周帮得够多了"}
}

func praise() []string { return []string{"准时", "手艺好", "有耐心", "收拾得干净"} }
