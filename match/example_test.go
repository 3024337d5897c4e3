package match_test

import (
	"fmt"

	"linli/match"
)

func ExampleIndex_Rank() {
	home, haircut := match.Point{Lat: 38.0400, Lng: 114.5300}, []match.Skill{{Code: 12, Times: 11}}
	sun, li := match.Key{Kind: match.Volunteer, ID: "孙淑琴"}, match.Key{Kind: match.Team, ID: "义剪队"}
	index := match.NewIndex()
	_ = index.Put(match.Candidate{Key: sun, Skills: haircut, At: match.Point{Lat: 38.0403, Lng: 114.5345}})
	_ = index.Put(match.Candidate{Key: li, Skills: haircut, At: match.Point{Lat: 38.0409, Lng: 114.5309}, Members: 6})
	ranking := index.Rank(match.Ask{At: home, Skills: []uint32{12}, Known: map[match.Key]int{sun: 4}}, 10)
	for _, item := range ranking.Items {
		walk, known := item.Reasons[1].Value, item.Reasons[3].Value
		fmt.Println(item.ID, item.Score, "walks", walk, "minutes, came before", known, "times")
	}
	// Output:
	// 孙淑琴 3566 walks 7 minutes, came before 4 times
	// 义剪队 2700 walks 3 minutes, came before 0 times
}
