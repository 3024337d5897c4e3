package demo

import (
	"context"
	"time"

	"linli/internal/app"
	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/place"
	"linli/internal/feature/exchange"
	"linli/internal/feature/org"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
)

// shop is a merchant of 东风路南 and what it gives for points.
type shop struct {
	name, purpose string
	rewards       []exchange.RewardDraft
}

func shops() []shop {
	return []shop{
		{"邮电早点铺", "早点", []exchange.RewardDraft{
			{Name: "早餐券", About: "一份豆浆油条", Points: 10, Stock: 60, MonthMost: 4, Hours: "每天 6:30 到 9:00", Active: true},
		}},
		{"东风便民服务店", "理发、干洗、洗车", []exchange.RewardDraft{
			{Name: "理发券", About: "剪一次头发", Points: 20, Stock: 30, MonthMost: 1, Hours: "周一到周五 9:00 到 17:00", Active: true},
			{Name: "干洗券", About: "一件外套", Points: 30, Stock: 20, MonthMost: 1, Hours: "每天 9:00 到 18:00", Active: true},
			{Name: "洗车券", About: "外面洗一次", Points: 30, Stock: 20, MonthMost: 1, Hours: "每天 9:00 到 18:00", Active: true},
		}},
	}
}

// soap is what the station itself gives.
func soap() exchange.RewardDraft {
	return exchange.RewardDraft{Name: "洗衣液", About: "一瓶两公斤", Points: 10, Stock: 40, MonthMost: 2, Hours: "服务站上班的时候", Active: true}
}

// shelf lets merchants of 东风路南 give something for points, and the station enter a
// service by hand that the street has not judged yet. They are the last things that
// happen before the demo begins.
func (d *Demo) shelf(ctx context.Context, a *app.App) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		tx.Replay(d.now, d.main.replay(kindOrg, len(d.main.teams)))
		at, err := place.Get(tx, d.main.id)
		if err != nil {
			return err
		}
		for _, s := range shops() {
			if err := s.open(tx, a.Exchange, d.main.worker, at); err != nil {
				return err
			}
		}
		if _, err := a.Exchange.AddTx(tx, d.main.worker, at, exchange.NewReward{RewardDraft: soap(), Place: at.ID}); err != nil {
			return err
		}
		return d.handEntered(tx)
	})
}

func (s shop) open(tx *db.Tx, shelf *exchange.Service, who access.Who, at place.Place) error {
	m, err := org.Found(tx, access.System(), org.Org{ID: tx.NewID(), Kind: org.Merchant, Name: s.name, Purpose: s.purpose, Place: at.ID})
	if err != nil {
		return err
	}
	for _, r := range s.rewards {
		if _, err := shelf.AddTx(tx, who, at, exchange.NewReward{RewardDraft: r, Place: at.ID, Merchant: m.ID}); err != nil {
			return err
		}
	}
	return nil
}

// handEntered is an hour of cleaning two days ago, which nobody signed in for.
func (d *Demo) handEntered(tx *db.Tx) error {
	begun := calendar.DayOf(d.now).Add(-2).Start().Add(8 * time.Hour)
	_, err := record.ProposeTx(tx, d.main.worker, record.Manual{
		Volunteer: d.main.souls[d.main.helpers[0].soul].id, Name: "楼道大扫除", Category: "clean_public", Content: "打扫楼道",
		StartedAt: begun, EndedAt: begun.Add(time.Hour), Reason: "那天手机没电", Proof: "签到表上有签名，队长在场",
	})
	return err
}
