package points

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"linli/internal/core/ledger"
	"linli/internal/core/rule"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// use takes n points from somebody for the test.
func use(tx *db.Tx, who, source string, n int64) error {
	_, err := spend(tx, who, n, ledger.Posting{
		District: district, Source: source, Place: community, Memo: "换早餐券",
		Entries: []ledger.Entry{{Account: Earned(who, Points), Amount: -n}, {Account: Issued(community, Points), Amount: n}},
	})
	return err
}

func purse(t *testing.T, d *db.DB, who string) (p Purse) {
	t.Helper()
	write(t, d, func(tx *db.Tx) (err error) {
		p, err = PurseOf(tx, district, who)
		return err
	})
	return p
}

func refused(t *testing.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Write(t.Context(), fn); fault.KindOf(err) != fault.KindConflict {
		t.Errorf("want a conflict said plainly, got %v", err)
	}
}

// TestWhatIsInNoticeCannotBeSpent: held points count in the balance and stay.
func TestWhatIsInNoticeCannotBeSpent(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		held := deed("visit:2", "sun", 120)
		held.HeldUntil = started.Add(72 * time.Hour)
		write(t, d, func(tx *db.Tx) error {
			if err := Award(tx, deed("visit:1", "sun", 60)); err != nil {
				return err
			}
			return Award(tx, held)
		})
		if p := purse(t, d, "sun"); p != (Purse{Balance: 6, Held: 4}) || p.Spendable() != 2 {
			t.Errorf("purse %+v", p)
		}
		refused(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:1", 3) })
		write(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:1", 2) })
		refused(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:2", 1) })
		write(t, d, func(tx *db.Tx) error { return Hold(tx, district, "visit:2", tx.Now()) })
		write(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:2", 4) })
		if p := purse(t, d, "sun"); p != (Purse{}) {
			t.Errorf("purse %+v", p)
		}
	})
}

// TestTimeFreesWhatWasHeld: the end of the notice needs nobody's work.
func TestTimeFreesWhatWasHeld(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		held := deed("visit:1", "sun", 120)
		held.HeldUntil = started.Add(72 * time.Hour)
		write(t, d, func(tx *db.Tx) error { return Award(tx, held) })
		refused(t, d, func(tx *db.Tx) error {
			tx.At(held.HeldUntil.Add(-time.Millisecond))
			return use(tx, "sun", "c:1", 1)
		})
		write(t, d, func(tx *db.Tx) error {
			tx.At(held.HeldUntil)
			return use(tx, "sun", "c:1", 4)
		})
	})
}

// TestWhatIsTakenBackAndSpentBecomesADebt: the balance never goes below zero, and
// what is earned next pays first.
func TestWhatIsTakenBackAndSpentBecomesADebt(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		write(t, d, func(tx *db.Tx) error { return Award(tx, deed("visit:1", "sun", 180)) })
		write(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:1", 4) })
		for range 2 { // once only
			write(t, d, func(tx *db.Tx) error { return TakeBack(tx, district, "visit:1", "时长更正") })
		}
		if p := purse(t, d, "sun"); p != (Purse{Owed: 4}) {
			t.Errorf("after taking back: %+v", p)
		}
		gift := func(source string, n int64) {
			write(t, d, func(tx *db.Tx) error {
				_, err := issue(tx, Deed{District: district, Person: "sun", Community: community, Source: source}, Points, n)
				return err
			})
		}
		gift("gift:1", 5) // what does not come from deeds pays no debt, and cannot be spent before it is paid
		refused(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:2", 2) })
		write(t, d, func(tx *db.Tx) error { return use(tx, "sun", "c:3", 1) })
		gift("gift:2", -4)
		write(t, d, func(tx *db.Tx) error { return Award(tx, deed("visit:2", "sun", 60)) })
		if p := purse(t, d, "sun"); p != (Purse{Owed: 2}) {
			t.Errorf("after two points: %+v", p)
		}
		write(t, d, func(tx *db.Tx) error { return Award(tx, deed("visit:3", "sun", 180)) })
		if p := purse(t, d, "sun"); p != (Purse{Balance: 4}) {
			t.Errorf("after six more: %+v", p)
		}
		write(t, d, func(tx *db.Tx) error { return TakeBack(tx, district, "no such source", "x") })
		write(t, d, func(tx *db.Tx) error {
			minutes, err := ledger.Balance(tx, district, Earned("sun", Minutes))
			if minutes != 240 {
				t.Errorf("%d minutes, want those of the two that stand", minutes)
			}
			id, err2 := ledger.Find(tx, district, "visit:1:points")
			if err2 == nil && id == "" {
				t.Error("the posting that was taken back is gone")
			}
			return err
		})
	})
}

// TestNobodySpendsWhatIsHeldUnderConcurrency lets spending, holding and awarding
// race: whenever points were spent, the rest covered what was held at that moment.
func TestNobodySpendsWhatIsHeldUnderConcurrency(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		const sides, rounds = 8, 20
		for i := range 10 {
			write(t, d, func(tx *db.Tx) error { return Award(tx, deed(fmt.Sprint("visit:", i), "sun", 60)) })
		}
		var all sync.WaitGroup
		for side := range sides {
			all.Go(func() {
				dice := rand.New(rand.NewPCG(7, uint64(side)))
				for i := range rounds {
					err := d.Write(t.Context(), func(tx *db.Tx) error {
						switch dice.IntN(3) {
						case 0:
							return Hold(tx, district, fmt.Sprint("visit:", dice.IntN(10)), tx.Now().Add(time.Hour*time.Duration(dice.IntN(2))))
						case 1:
							fresh := deed(fmt.Sprint("more:", side, ":", i), "sun", 60)
							fresh.HeldUntil = tx.Now().Add(time.Hour * time.Duration(dice.IntN(2)))
							return Award(tx, fresh)
						}
						if err := use(tx, "sun", fmt.Sprint("c:", side, ":", i), 1+dice.Int64N(4)); err != nil {
							return err
						}
						p, err := PurseOf(tx, district, "sun")
						if err == nil && p.Balance < p.Held+p.Owed {
							err = fmt.Errorf("spent into what is held: %+v", p)
						}
						return err
					})
					if err != nil && fault.KindOf(err) != fault.KindConflict {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
	})
}

// TestCaps: many awards of one day race for the cap.
func TestCaps(t *testing.T) {
	each(t, func(t *testing.T, d *db.DB) {
		setRule(t, d, "points_day_cap", 10)
		setRule(t, d, "points_activity_cap", 4)
		var all sync.WaitGroup
		for i := range 6 {
			all.Go(func() {
				one := deed(fmt.Sprint("visit:", i), "sun", 90)
				one.Activity = fmt.Sprint("activity:", i%2)
				if err := d.Write(t.Context(), func(tx *db.Tx) error { return Award(tx, one) }); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if p := purse(t, d, "sun"); p.Balance != 8 {
			t.Errorf("two activities of at most 4 give %d", p.Balance)
		}
		for i, want := range []int64{10, 10} {
			write(t, d, func(tx *db.Tx) error { return Award(tx, deed(fmt.Sprint("alone:", i), "sun", 90)) })
			if p := purse(t, d, "sun"); p.Balance != want {
				t.Errorf("a day of at most 10 gives %d", p.Balance)
			}
		}
		tomorrow := deed("visit:next", "sun", 60)
		tomorrow.At = started.Add(24 * time.Hour)
		write(t, d, func(tx *db.Tx) error { return Award(tx, tomorrow) })
		if p := purse(t, d, "sun"); p.Balance != 12 {
			t.Errorf("the next day begins anew: %d", p.Balance)
		}
	})
}

func setRule(t *testing.T, d *db.DB, name rule.Name, value int64) {
	t.Helper()
	write(t, d, func(tx *db.Tx) error { return rule.Set(tx, district, community, name, value, tx.Now(), "p") })
}
