package plan

import (
	"fmt"
	"strings"

	"linli/match"
)

// reasons says why a helper is sent.
func (in *Input) reasons(v *Visit) string {
	o, h := &in.Orders[v.Order], &in.Helpers[v.Helper]
	said := []string{"会" + o.Service.Name}
	if v.Times > 0 {
		said[0] = fmt.Sprintf("%s办过 %d 次", o.Service.Name, v.Times)
	}
	if v.Met > 0 {
		said = append(said, "这一家熟悉")
	}
	said = append(said, wayWords(v.Minutes, &o.Spot, &h.Spot), fmt.Sprintf("这周第 %d 单，最多 %d 单", v.Load, v.Limit))
	if h.Free == (match.Week{}) {
		said = append(said, "没说过什么时候有空，要先问")
	}
	return strings.Join(said, "；")
}

func wayWords(minutes int, a, b *Spot) string {
	if _, known := match.Walk(a.At, b.At); known {
		return fmt.Sprintf("走 %d 分钟", minutes)
	}
	switch minutes {
	case sameBuilding:
		return "同一栋楼"
	case sameGrid:
		return "同一网格"
	case sameArea:
		return "同一社区"
	}
	return "不知道住得远近"
}

// why says why helpers are missing.
func (in *Input) why(l *Left) string {
	o := &in.Orders[l.Order]
	name := o.Service.Name
	switch {
	case l.Skilled == 0:
		return fmt.Sprintf("花名册里没有会%s的人。", name)
	case l.Near == 0 && l.Nearest >= 0:
		return fmt.Sprintf("会%s的有 %d 位，都住得太远，最近的要走 %d 分钟。", name, l.Skilled, l.Nearest)
	case l.Near == 0:
		return fmt.Sprintf("会%s的有 %d 位，都不在这个社区。", name, l.Skilled)
	case l.Free == 0 && o.People > 1:
		return fmt.Sprintf("会%s、走得到的有 %d 位，那个时间都没空，或者凑不到一起。", name, l.Near)
	case l.Free == 0:
		return fmt.Sprintf("会%s、走得到的有 %d 位，那个时间都没空。", name, l.Near)
	case o.People > 1 && l.Free < o.People:
		return fmt.Sprintf("要 %d 个人一起去，会%s、走得到、那时有空的只有 %d 位。", o.People, name, l.Free)
	}
	return fmt.Sprintf("会%s、走得到、那时有空的 %d 位都派满了。", name, l.Free)
}
