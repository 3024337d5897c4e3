package category

import "slices"

// Risk is something that must be said, checked or sent elsewhere before an
// order is given to a volunteer (volunteer service regulations, articles 12, 13
// and 16: tell the risks, verify, and a qualification where law asks for one).
type Risk string

// The closed set of risks.
const (
	Health            Risk = "health"             // frail or ill people
	Money             Risk = "money"              // money goes through a helper's hands
	Minors            Risk = "minors"             // children
	LicenceMedical    Risk = "licence_medical"    // doctors and nurses only
	LicenceElectrical Risk = "licence_electrical" // a certified electrician only
	LicenceGas        Risk = "licence_gas"        // the gas company only
	NotVolunteerJob   Risk = "not_volunteer_job"  // paid work, or another office's task
)

// Risks lists all risks, the gravest first.
func Risks() []Risk {
	return []Risk{LicenceMedical, LicenceElectrical, LicenceGas, NotVolunteerJob, Health, Minors, Money}
}

// ToStation tells whether a worker of the station has to take the order in hand
// instead of offering it to volunteers.
func (r Risk) ToStation() bool {
	switch r {
	case LicenceMedical, LicenceElectrical, LicenceGas, NotVolunteerJob:
		return true
	}
	return false
}

// Notice is the sentence to show for the risk, in plain Chinese; it is the
// message id of its translation.
func (r Risk) Notice() string {
	switch r {
	case LicenceMedical:
		return "这件事要有医护证的人来做，服务站会帮您联系。"
	case LicenceElectrical:
		return "换灯泡邻居能帮忙，动电线要有电工证的师傅来，服务站会帮您联系。"
	case LicenceGas:
		return "燃气和灶具要由燃气公司的师傅来修，服务站会帮您联系。"
	case NotVolunteerJob:
		return "这件事不归志愿者做，服务站会打电话告诉您该找谁。"
	case Health:
		return "请告诉我们身体情况，好安排合适的人。"
	case Minors:
		return "有孩子在，来的人要先经服务站核实，家长请在场或者留电话。"
	case Money:
		return "钱和票据请当面点清，银行卡和密码别交给别人。"
	}
	return ""
}

// StationOnly tells whether the service itself is one for the station.
func (s Service) StationOnly() bool {
	return slices.ContainsFunc(s.Risks, Risk.ToStation)
}

// Notice is the sentence of a service that says more than those of its risks;
// empty for most.
func (s Service) Notice() string {
	switch s.ID {
	case "open_lock":
		return "开锁要由公安备案的师傅来做，服务站会帮您联系。开门时请带好身份证。"
	case "emergency_help":
		return "人有危险，先打 120，再告诉服务站。"
	case "report_problem":
		return "这件事由服务站替您反映，办得怎么样会打电话告诉您。"
	case "share_medicine":
		return "药能不能吃要听医生或药师的，处方药不能转给别人。"
	}
	return ""
}

// Notices lists the sentences to show for a service with the risks that were
// heard besides its own, the service's own sentence first; that one stands for
// what sends it to the station.
func (s Service) Notices(heard []Risk) []string {
	var out []string
	own := s.Notice()
	if own != "" {
		out = append(out, own)
	}
	for _, r := range merge(s.Risks, heard) {
		if own == "" || !r.ToStation() || !slices.Contains(s.Risks, r) {
			out = append(out, r.Notice())
		}
	}
	return out
}

// merge joins the risks of a service with those heard in the sentence.
func merge(lists ...[]Risk) []Risk {
	all := slices.Concat(lists...)
	var out []Risk
	for _, r := range Risks() {
		if slices.Contains(all, r) {
			out = append(out, r)
		}
	}
	return out
}
