package place

import (
	"time"

	"linli/internal/core/calendar"
)

// View is a place as the API shows it.
type View struct {
	ID        string     `json:"id" doc:"官方 12 位代码；社区以下是社区代码加后缀" example:"130104016001"`
	Parent    string     `json:"parent,omitempty" doc:"上一级，省没有"`
	Level     Level      `json:"level" doc:"哪一级"`
	Name      string     `json:"name" doc:"名字" example:"东风路南社区"`
	Position  *Point     `json:"position,omitempty" doc:"自己的位置，没有就按上级的"`
	Phone     string     `json:"phone,omitempty" doc:"服务站电话"`
	ValidFrom time.Time  `json:"valid_from" doc:"从什么时候起有"`
	ValidTo   *time.Time `json:"valid_to,omitempty" doc:"什么时候停用的，还在用就没有"`
	Path      []Ref      `json:"path,omitempty" doc:"从省到自己"`
	Facts     []FactView `json:"facts,omitempty" doc:"这里的数字，都是从记录里数出来的"`
}

// Point is a position in JSON.
type Point struct {
	Lat float64 `json:"lat" minimum:"-90" maximum:"90" label:"纬度" doc:"纬度，WGS-84"`
	Lng float64 `json:"lng" minimum:"-180" maximum:"180" label:"经度" doc:"经度，WGS-84"`
}

// Ref names a place.
type Ref struct {
	ID    string `json:"id" doc:"代码"`
	Level Level  `json:"level" doc:"哪一级"`
	Name  string `json:"name" doc:"名字"`
}

// FactView is a number in JSON.
type FactView struct {
	Label      string `json:"label" doc:"是什么数"`
	Value      int64  `json:"value" doc:"多少；是比率时就是分子"`
	Rate       bool   `json:"rate,omitempty" doc:"是不是比率"`
	Of         int64  `json:"of,omitempty" doc:"比率的分母"`
	Unanswered int64  `json:"unanswered,omitempty" doc:"问了没回答的"`
}

// view is the place alone, without path and numbers.
func (p Place) view() View {
	v := View{ID: p.ID, Parent: p.Parent, Level: p.Level, Name: p.Name, Phone: p.Phone,
		ValidFrom: p.ValidFrom.In(calendar.Zone())}
	if p.Position != nil {
		v.Position = &Point{p.Position.Lat, p.Position.Lng}
	}
	if !p.Open() {
		ended := p.ValidTo.In(calendar.Zone())
		v.ValidTo = &ended
	}
	return v
}

// view is the whole sheet, its labels in the reader's language.
func (s Sheet) view(say func(string, ...any) string) View {
	v := s.Place.view()
	for _, p := range s.Chain {
		v.Path = append(v.Path, Ref{p.ID, p.Level, p.Name})
	}
	for _, f := range s.Facts {
		v.Facts = append(v.Facts, FactView{say(f.Label), f.Value, f.Rate, f.Of, f.Unanswered})
	}
	return v
}

// SettingView is a rule that was set.
type SettingView struct {
	Place string    `json:"place" doc:"在哪里"`
	Name  string    `json:"name" doc:"哪条规矩"`
	Value int64     `json:"value" doc:"改成多少"`
	Since time.Time `json:"since" doc:"从什么时候起"`
}
