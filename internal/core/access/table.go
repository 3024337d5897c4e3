package access

// Permission names one thing that may be done: "order.accept".
type Permission string

// The permissions, by feature.
const (
	Public   Permission = "public"    // no sign-in needed
	SignedIn Permission = "signed_in" // any account, about itself

	PlaceRead  Permission = "place.read"
	PlaceWrite Permission = "place.write" // grids, estates, buildings
	PlaceAdmin Permission = "place.admin" // codes, rules, import of divisions

	PersonRead   Permission = "person.read"   // masked
	PersonUnmask Permission = "person.unmask" // with a reason, and the person can see it
	PersonWrite  Permission = "person.write"
	RoleGrant    Permission = "role.grant"
	EventRead    Permission = "event.read" // the audit trail

	VolunteerRead   Permission = "volunteer.read"
	VolunteerWrite  Permission = "volunteer.write"
	VolunteerImport Permission = "volunteer.import"
	VolunteerExport Permission = "volunteer.export"

	OrgRead  Permission = "org.read"
	OrgWrite Permission = "org.write"
	OrgLead  Permission = "org.lead" // members, services, capacity of one's team

	OrderRequest    Permission = "order.request"
	OrderRequestFor Permission = "order.request_for" // for somebody else
	OrderRead       Permission = "order.read"
	OrderList       Permission = "order.list" // the board, lists of a place
	OrderVerify     Permission = "order.verify"
	OrderDispatch   Permission = "order.dispatch" // candidates and offers
	OrderAnswer     Permission = "order.answer"   // accept or refuse an offer
	OrderTake       Permission = "order.take"     // take an open order, stand by
	OrderVisit      Permission = "order.visit"    // check in and out
	OrderCode       Permission = "order.code"     // show the rotating code, confirm a visit
	OrderConfirm    Permission = "order.confirm"  // confirm a proposal for a forgotten check-out
	OrderComplete   Permission = "order.complete"
	OrderEvaluate   Permission = "order.evaluate"
	OrderReturn     Permission = "order.return"
	OrderCancel     Permission = "order.cancel"

	PlanMake     Permission = "plan.make"         // all waiting orders of a place at once, and send them out
	RecruitWrite Permission = "recruitment.write" // ask in public for people who are missing

	CertificateAsk    Permission = "certificate.ask"
	CertificateRead   Permission = "certificate.read"
	CertificateList   Permission = "certificate.list"  // the register of a place
	CertificateIssue  Permission = "certificate.issue" // accept, refuse, issue, many at once
	CertificateRevoke Permission = "certificate.revoke"
	CertificateUnit   Permission = "certificate.unit" // who issues, as printed

	PointsOversee Permission = "points.oversee" // what a place gives and owes; trying other rules
	PointsRule    Permission = "points.rule"    // what a class of service is worth
	DonationWrite Permission = "donation.write" // take in what somebody brings

	ExchangeWrite  Permission = "exchange.write"  // rewards, merchants and who signs in for them
	CouponRedeem   Permission = "coupon.redeem"   // at the till
	MerchantRead   Permission = "merchant.read"   // monthly statements
	ExchangeSettle Permission = "exchange.settle" // who bears what was used twice

	StarRead      Permission = "star.read"
	StarApprove   Permission = "star.approve" // by the level that the rule names
	StarRule      Permission = "star.rule"    // how many hours a star is
	HonourRun     Permission = "honour.run"   // yearly honours: open, count, give
	RecordRead    Permission = "record.read"
	RecordEnter   Permission = "record.enter"   // 补录: enter a service by hand
	RecordApprove Permission = "record.approve" // judge what another unit entered
	RecordCorrect Permission = "record.correct" // shorten or withdraw a row
	RecordObject  Permission = "record.object"  // object to a row in public notice, ask for a correction of one's own
	RecordDecide  Permission = "record.decide"  // answer objections
	RecordMerit   Permission = "record.merit"   // trainings and awards
	FindingRead   Permission = "finding.read"   // what looks wrong
	FindingDecide Permission = "finding.decide" // the second look of the unit
	FindingStreet Permission = "finding.street" // that of the street
	SpotCheck     Permission = "spot.check"     // look at the rows of a spot check
	ClosingRead   Permission = "closing.read"   // what a month still needs, on one page
	PointsRead    Permission = "points.read"
)

// rule is who has a permission.
type rule struct {
	public    bool
	roles     []Role
	relations []Relation
}

var (
	station  = []Role{StationWorker, SocialWorker, Administrator}
	readers  = []Role{StationWorker, SocialWorker, StreetOfficer, DistrictOfficer, Auditor, Administrator}
	managers = []Role{StationWorker, StreetOfficer, DistrictOfficer, Administrator}
	officers = []Role{StationWorker, SocialWorker, StreetOfficer, DistrictOfficer, Administrator}
	anybody  = []Relation{Everyone}
)

// rules is the table. A role listed here holds for its place's whole subtree.
var rules = map[Permission]rule{
	Public:   {public: true},
	SignedIn: {relations: anybody},

	PlaceRead:  {relations: anybody},
	PlaceWrite: {roles: managers},
	PlaceAdmin: {roles: []Role{DistrictOfficer, Administrator}},

	PersonRead:   {roles: readers, relations: []Relation{Self}},
	PersonUnmask: {roles: station, relations: []Relation{Self, Assigned}},
	PersonWrite:  {roles: station, relations: []Relation{Self}},
	RoleGrant:    {roles: []Role{Administrator}},
	EventRead:    {roles: []Role{Auditor, Administrator}},

	VolunteerRead:   {roles: readers, relations: []Relation{Self, Leader}},
	VolunteerWrite:  {roles: station, relations: []Relation{Self}},
	VolunteerImport: {roles: managers},
	VolunteerExport: {roles: managers},

	OrgRead:  {relations: anybody},
	OrgWrite: {roles: managers},
	OrgLead:  {roles: managers, relations: []Relation{Leader}},

	OrderRequest:    {roles: []Role{Resident, Volunteer, TeamLeader, StationWorker, SocialWorker, UnitContact, Administrator}},
	OrderRequestFor: {roles: station, relations: []Relation{Requester}},
	OrderRead:       {roles: readers, relations: []Relation{Self, Requester, Candidate, Assigned, Leader, Neighbour}},
	OrderList:       {roles: readers},
	OrderVerify:     {roles: station},
	OrderDispatch:   {roles: station},
	OrderAnswer:     {relations: []Relation{Candidate}},
	OrderTake:       {relations: []Relation{Neighbour}},
	OrderVisit:      {relations: []Relation{Assigned}},
	OrderCode:       {roles: station, relations: []Relation{Self, Requester}},
	OrderConfirm:    {roles: station, relations: []Relation{Leader}},
	OrderComplete:   {roles: station, relations: []Relation{Assigned, Leader}},
	OrderEvaluate:   {roles: station, relations: []Relation{Self, Requester, Assigned}},
	OrderReturn:     {roles: station, relations: []Relation{Assigned, Leader}},
	OrderCancel:     {roles: station, relations: []Relation{Self, Requester}},

	PlanMake:     {roles: []Role{StationWorker, SocialWorker, StreetOfficer, Administrator}},
	RecruitWrite: {roles: []Role{StationWorker, SocialWorker, StreetOfficer, Administrator}},

	RecordRead:    {roles: readers, relations: []Relation{Self}},
	RecordEnter:   {roles: append([]Role{TeamLeader}, officers...)},
	RecordApprove: {roles: officers},
	RecordCorrect: {roles: officers},
	RecordObject:  {relations: anybody},
	RecordDecide:  {roles: officers},
	RecordMerit:   {roles: officers},
	FindingRead:   {roles: readers, relations: []Relation{Leader}},
	FindingDecide: {roles: officers, relations: []Relation{Leader}},
	ClosingRead:   {roles: officers},
	FindingStreet: {roles: []Role{StreetOfficer, DistrictOfficer, Administrator}},
	SpotCheck:     {roles: []Role{StationWorker, SocialWorker, StreetOfficer, DistrictOfficer, Auditor, Administrator}},

	PointsRead: {roles: readers, relations: []Relation{Self}},

	CertificateAsk:    {roles: station, relations: []Relation{Self}},
	CertificateRead:   {roles: readers, relations: []Relation{Self}},
	CertificateList:   {roles: readers},
	CertificateIssue:  {roles: station},
	CertificateRevoke: {roles: managers},
	CertificateUnit:   {roles: managers},

	PointsOversee: {roles: readers},
	PointsRule:    {roles: []Role{DistrictOfficer, Administrator}},
	DonationWrite: {roles: []Role{StationWorker, SocialWorker, StreetOfficer, Administrator}},

	ExchangeWrite:  {roles: managers},
	CouponRedeem:   {roles: station, relations: []Relation{Leader}},
	MerchantRead:   {roles: readers, relations: []Relation{Leader}},
	ExchangeSettle: {roles: managers},

	StarRead:    {roles: readers, relations: []Relation{Self}},
	StarApprove: {roles: managers},
	StarRule:    {roles: []Role{DistrictOfficer, Administrator}},
	HonourRun:   {roles: managers},
}

// Holders lists the roles and relations of a permission, for the page that shows
// the table and for the generated tests.
func Holders(p Permission) (public bool, roles []Role, relations []Relation) {
	r := rules[p]
	return r.public, r.roles, r.relations
}

// Permissions lists every permission of the table, in no order.
func Permissions() []Permission {
	out := make([]Permission, 0, len(rules))
	for p := range rules {
		out = append(out, p)
	}
	return out
}
