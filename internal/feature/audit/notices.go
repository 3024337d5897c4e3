package audit

import (
	"linli/internal/core/event"
	"linli/internal/core/notify"
	"linli/internal/feature/record"
	"linli/internal/kit/db"
)

// Notices says what people are told of findings: whoever has a row that does not
// count for the time being is not left to find out.
func Notices() []notify.Rule {
	return []notify.Rule{
		{Act: "finding.found", Msg: "您有一条服务记录要再看一遍，看完以前先不算：%s。", To: toldHeld},
		{Act: "finding.clearing", Msg: "您那条服务记录看过了，没问题：%s。", To: toldHeld},
	}
}

func toldHeld(tx *db.Tx, e event.Event) (notify.Told, error) {
	f, found, err := get(tx, e.District, e.Subject)
	if err != nil || !found || len(f.Evidence.Held) == 0 {
		return notify.Told{}, err
	}
	r, err := record.Get(tx, e.District, f.Evidence.Held[len(f.Evidence.Held)-1]) // the one that came last
	if err != nil {
		return notify.Told{}, err
	}
	return notify.Told{Persons: []string{r.Volunteer}, Link: "/records/" + r.ID, Args: []notify.Arg{notify.Word(r.Name)}}, nil
}
