package points

import (
	"context"
	"fmt"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/event"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/place"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Donation is items that somebody brought, with what a receipt must show: donor,
// kind and quantity, who took them in, the day (慈善法 38).
type Donation struct {
	District  int
	ID        string
	Number    string // of the receipt: year and serial
	Place     string // community
	Donor     string // person; empty when not on file or anonymous
	DonorName string // as written; empty when anonymous
	Item      string
	Quantity  int
	Points    int64
	Handler   string // name of who took it in
	At        time.Time
	Withdrawn bool
	Reason    string
}

// DonationDraft is what the station writes down.
type DonationDraft struct {
	Place     string `json:"place" label:"哪个社区" maxLength:"64" doc:"不写就是您管的第一个"`
	Phone     string `json:"phone" label:"捐的人的手机号" maxLength:"20" doc:"登记过的人，积分记在他名下；不写就不记积分" example:"13800000000"`
	Name      string `json:"name" label:"捐的人" maxLength:"40" doc:"没有登记的人写名字；不愿留名就空着" example:"王建国"`
	Anonymous bool   `json:"anonymous" label:"不留名" doc:"收据上写“不留名”"`
	Item      string `json:"item" label:"捐了什么" required:"true" maxLength:"60" example:"棉衣"`
	Quantity  int    `json:"quantity" label:"几件" required:"true" minimum:"1" maximum:"1000" example:"3"`
}

// Donate writes down a donation, gives the donor points by the place's rule and a
// receipt its number.
func (s *Service) Donate(ctx context.Context, who access.Who, in DonationDraft) (DonationView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (DonationView, error) {
		p, err := place.Chosen(tx, who, access.DonationWrite, in.Place)
		if err != nil {
			return DonationView{}, err
		}
		if p.Community() == "" {
			return DonationView{}, fault.Invalid("place", "请选一个社区。")
		}
		d := Donation{District: p.District, ID: tx.NewID(), Place: p.ID, Item: identity.CleanLine(in.Item), Quantity: in.Quantity,
			Handler: who.Name, DonorName: identity.CleanLine(in.Name), At: tx.Now()}
		donor, err := d.from(tx, in)
		if err == nil && donor.ID != "" && donor.ID == who.Person {
			err = fault.Forbidden("自己捐的东西，请别的工作人员来登记。")
		}
		if err != nil {
			return DonationView{}, err
		}
		if err := s.receive(tx, who, p, &d, donor); err != nil {
			return DonationView{}, err
		}
		return donationView(tx, d)
	})
}

// from finds the donor by the phone, and the name that stands on the receipt.
func (d *Donation) from(tx *db.Tx, in DonationDraft) (donor person.Person, err error) {
	if d.Item == "" || d.Quantity < 1 {
		return donor, fault.Join(fault.Invalid("item", "捐了什么，写一下。"))
	}
	if in.Phone == "" {
		if d.DonorName == "" && !in.Anonymous {
			return donor, fault.Invalid("name", "谁捐的？不愿留名就点“不留名”。")
		}
	} else if donor, err = donorOf(tx, d.District, in.Phone, d.DonorName); err != nil {
		return donor, err
	}
	d.Donor = donor.ID
	switch {
	case in.Anonymous:
		d.DonorName = ""
	case donor.ID != "":
		d.DonorName = donor.Name
	}
	return donor, nil
}

// donorOf finds whom a phone belongs to; a name tells people of one phone apart.
func donorOf(tx *db.Tx, district int, phone, name string) (person.Person, error) {
	number, err := identity.Phone("phone", phone)
	if err != nil {
		return person.Person{}, err
	}
	found, err := person.ByPhone(tx, district, number)
	if err != nil {
		return person.Person{}, err
	}
	var fit []person.Person
	for _, p := range found {
		if name == "" || p.Name == name {
			fit = append(fit, p)
		}
	}
	switch len(fit) {
	case 1:
		return fit[0], nil
	case 0:
		return person.Person{}, fault.Invalid("phone", "没有人登记过这个电话。可以只写名字，不记积分。")
	}
	return person.Person{}, fault.Invalid("name", "这个电话登记了 %d 个人，请写上名字。", len(fit))
}

// receive gives the receipt its number and the donor the points.
func (s *Service) receive(tx *db.Tx, who access.Who, p place.Place, d *Donation, donor person.Person) error {
	year := fmt.Sprint(calendar.DayOf(d.At).Year)
	last, err := receipts(tx, d.District, d.Place, year)
	if err != nil {
		return err
	}
	d.Number = fmt.Sprintf("%s-%05d", year, last+1)
	if donor.ID != "" {
		if err := Award(tx, Deed{District: d.District, Person: donor.ID, Community: p.ID, PlacePath: p.Path, At: d.At, Items: d.Quantity,
			Source: "donation:" + d.ID, Memo: "捐了东西"}); err != nil {
			return err
		}
		if d.Points, err = earnedBy(tx, d.District, "donation:"+d.ID); err != nil {
			return err
		}
	}
	event.Append(tx, event.Event{District: d.District, Community: d.Place, Actor: who.Person, Act: "donation.receive", Kind: "donation", Subject: d.ID,
		Data: event.Data{"quantity": d.Quantity}})
	err = insertDonation(tx, *d, who.Person)
	if db.IsUnique(err) {
		err = fault.Conflict("就在刚才别人也开了一张收据，请再点一次。")
	}
	return err
}

// WithdrawDonation takes back an entry that was wrong, and its points.
func (s *Service) WithdrawDonation(ctx context.Context, who access.Who, id, reason string) (DonationView, error) {
	return db.Returning(ctx, s.db, func(tx *db.Tx) (DonationView, error) {
		d, err := seekDonation(tx, who, id)
		if err != nil {
			return DonationView{}, err
		}
		reason = identity.CleanLine(reason)
		if reason == "" {
			return DonationView{}, fault.Invalid("reason", "为什么作废，写一句。")
		}
		ended, err := withdrawDonation(tx, d, who.Person, reason)
		if err == nil && !ended {
			err = fault.Conflict("这张收据已经作废了。")
		}
		if err != nil {
			return DonationView{}, err
		}
		d.Withdrawn, d.Reason = true, reason
		event.Append(tx, event.Event{District: d.District, Community: d.Place, Actor: who.Person, Act: "donation.withdraw", Kind: "donation", Subject: d.ID})
		if err := TakeBack(tx, d.District, "donation:"+d.ID, "捐赠登记作废"); err != nil {
			return DonationView{}, err
		}
		return donationView(tx, d)
	})
}

// Donation is one of them, for the receipt.
func (s *Service) Donation(ctx context.Context, who access.Who, id string) (v DonationView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		d, err := seekDonation(tx, who, id)
		if err == nil {
			v, err = donationView(tx, d)
		}
		return err
	})
	return v, err
}

// seekDonation finds a donation in the districts that who can see into.
func seekDonation(tx *db.Tx, who access.Who, id string) (Donation, error) {
	districts, err := place.Reach(tx, who)
	if err != nil {
		return Donation{}, err
	}
	for _, district := range districts {
		d, found, err := readDonation(tx, district, id)
		if err != nil {
			return d, err
		}
		if !found {
			continue
		}
		p, err := place.Get(tx, d.Place)
		if err == nil && access.May(who, access.DonationWrite, p.Target()) {
			return d, nil
		}
		if err != nil {
			return d, err
		}
	}
	return Donation{}, fault.NotFound("没有这张收据，或者不归您看。")
}

// donationsMost is how many donations a page lists.
const donationsMost = 50

// Donations lists the newest donations of a community.
func (s *Service) Donations(ctx context.Context, who access.Who, at string) (p place.Place, out []DonationView, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		out = []DonationView{}
		if p, err = place.Chosen(tx, who, access.DonationWrite, at); err != nil {
			return err
		}
		all, err := donationsAt(tx, p.District, p.ID, donationsMost)
		if err != nil {
			return err
		}
		for _, d := range all {
			v, err := donationView(tx, d)
			if err != nil {
				return err
			}
			out = append(out, v)
		}
		return nil
	})
	return p, out, err
}
