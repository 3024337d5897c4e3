package match

import (
	"cmp"
	"hash/crc32"
	"time"
)

// The four parts of a score weigh the same: each gives 0 to 1,000 points. What does
// not belong to the four takes off a little, so that it decides among equals and
// nearly equals only.
const (
	partScore   = 1000
	anySkill    = 500 // for everybody when no skill is asked for
	beginner    = 400 // for having the skill
	skilled     = 4   // times served with a skill that give its full points
	acquainted  = 4   // times served the same elder that give full continuity
	usualLoad   = 7   // orders a week, per member, that fill one who set no limit
	restHours   = 7 * 24
	restScore   = 200 // taken off right after serving
	unsaidScore = 200 // taken off who has not said when they are free
	fullGrade   = 600 // points from which a part is Full
)

// NearMinutes is how far a neighbour is near: from here on the walk gives no points,
// it is what a candidate walks who has not said, and who is farther than that and
// farther than they are ready to walk is not worth a word.
const NearMinutes = 30

func skillScore(times int) int32 {
	return int32(beginner + (partScore-beginner)/skilled*min(times, skilled))
}

// walkScore gives nothing for an unknown place, which ranks it behind the known.
func walkScore(minutes int32) int32 {
	if minutes == unknownWalk {
		return 0
	}
	return max(0, partScore*(NearMinutes-minutes)/NearMinutes)
}

func loadScore(load, limit, members int32) int32 {
	top := cmp.Or(limit, usualLoad*members)
	return partScore * max(0, top-load) / top
}

func continuityScore(times int32) int32 {
	return partScore / acquainted * min(times, acquainted)
}

// restPenalty fades from right after serving to nothing a week later.
func restPenalty(hours int32) int32 {
	return restScore * max(0, restHours-hours) / restHours
}

// turn says whose turn it is among equals, the lower first: who served longest ago, and
// of these the lower lot. Above the lot stands the hour of the last service, 0 for
// never.
type turn uint64

const (
	lotBits  = 24
	hourBits = 24
	turnBits = lotBits + hourBits
)

// newTurn draws the lot from the key: always the same, but not always for those who
// registered first.
func newTurn(k Key, served time.Time) turn {
	lot := turn(crc32.ChecksumIEEE([]byte(string(k.Kind)+k.ID))) >> (32 - lotBits)
	if served.IsZero() {
		return lot
	}
	return turn(hourOf(served))<<lotBits | lot
}

// rested is how many hours before an hour the last service was. Who never served is
// rested, and so is everybody when the hour is not known, 0.
func (t turn) rested(hour int32) int32 {
	served := int32(t >> lotBits)
	if served == 0 || hour == 0 {
		return restHours
	}
	return min(max(hour-served, 0), restHours)
}

// gradeOf fills the window of a part. What takes off a little is half a window too.
func gradeOf(score int32) Grade {
	switch {
	case score >= fullGrade:
		return Full
	case score == 0:
		return Empty
	}
	return Half
}
