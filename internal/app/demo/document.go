package demo

import "fmt"

// documents gives ID numbers to those who serve: of the right form (GB 11643), but
// nobody's, for no province is called 66.
func (p *people) documents() {
	given := map[string]int{}
	for _, h := range p.helpers {
		s := &p.souls[h.soul]
		no := p.no*200 + 1 // odd for men
		if s.sex == she {
			no++
		}
		day := fmt.Sprintf("660101%04d%02d%02d", s.birth.Year, s.birth.Month, s.birth.Day)
		given[day+string(s.sex)]++
		s.document = checked(fmt.Sprintf("%s%03d", day, no+2*given[day+string(s.sex)]-2))
	}
}

// checked is an ID number with its last character (ISO 7064, MOD 11-2).
func checked(number string) string {
	sum := 0
	for _, digit := range number {
		sum = (sum + int(digit-'0')) * 2 % 11
	}
	return number + string("10X98765432"[sum])
}
