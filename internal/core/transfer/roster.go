package transfer

// Headings of the volunteers' roster, word for word (domain.md, section 4).
const (
	RosterSerial         = "序号"
	RosterVolunteerNo    = "志愿者编号"
	RosterName           = "姓名"
	RosterSex            = "性别"
	RosterBirth          = "出生日期"
	RosterDocumentKind   = "证件类型"
	RosterDocument       = "身份证件号码"
	RosterPolitics       = "政治面貌"
	RosterEducation      = "文化程度"
	RosterDistrict       = "居住区域"
	RosterAddress        = "居住地址"
	RosterPhone          = "联系电话"
	RosterSkills         = "专业技能"
	RosterServices       = "服务类别"
	RosterTeam           = "所属队伍"
	RosterFreeTime       = "可服务时间"
	RosterEmergencyName  = "紧急联系人"
	RosterEmergencyPhone = "紧急联系电话"
	RosterRegistered     = "注册日期"
	RosterConsent        = "是否同意信息使用"
	RosterRemark         = "备注"
)

// VolunteerRoster is the 志愿者花名册: who has registered as a volunteer, with the
// personal data that decree 67 asks for (article 5).
func VolunteerRoster() Form {
	return Form{Title: "志愿者花名册", Headings: []Heading{
		{Name: RosterSerial, Aliases: []string{"No", "No."}, Serial: true, Width: 6},
		{Name: RosterVolunteerNo, Aliases: []string{"志愿者号", "注册编号", "志愿者证号"}, Width: 19},
		{Name: RosterName, Aliases: []string{"志愿者姓名", "名字"}, Required: true, Width: 12},
		{Name: RosterSex, Width: 6},
		{Name: RosterBirth, Aliases: []string{"出生年月日", "出生年月", "生日"}, Width: 12},
		{Name: RosterDocumentKind, Aliases: []string{"证件种类", "证件名称"}, Width: 12},
		{Name: RosterDocument, Aliases: []string{"身份证号码", "身份证号", "身份证", "证件号码", "证件号", "公民身份号码"}, Width: 21},
		{Name: RosterPolitics, Width: 10},
		{Name: RosterEducation, Aliases: []string{"学历"}, Width: 10},
		{Name: RosterDistrict, Aliases: []string{"所在社区", "居住社区", "所属社区", "社区"}, Width: 18},
		{Name: RosterAddress, Aliases: []string{"家庭住址", "家庭地址", "住址", "地址", "现住址", "详细地址"}, Width: 28},
		{Name: RosterPhone, Aliases: []string{"手机号码", "手机号", "手机", "电话", "电话号码", "联系方式"}, Required: true, Width: 15},
		{Name: RosterSkills, Aliases: []string{"技能", "特长", "个人特长", "服务特长", "专业特长"}, Width: 20},
		{Name: RosterServices, Aliases: []string{"服务类型", "服务意向", "志愿服务类别"}, Width: 20},
		{Name: RosterTeam, Aliases: []string{"队伍", "所在队伍", "所属团队", "志愿队伍", "服务队"}, Width: 18},
		{Name: RosterFreeTime, Aliases: []string{"服务时间", "空闲时间", "可服务时段"}, Width: 18},
		{Name: RosterEmergencyName, Aliases: []string{"紧急联系人姓名"}, Width: 12},
		{Name: RosterEmergencyPhone, Aliases: []string{"紧急联系人电话", "紧急联系方式"}, Width: 15},
		{Name: RosterRegistered, Aliases: []string{"注册时间", "登记日期", "加入日期"}, Width: 12},
		{Name: RosterConsent, Aliases: []string{"是否同意", "信息使用同意"}, Width: 16},
		{Name: RosterRemark, Aliases: []string{"说明"}, Width: 20},
	}}
}
