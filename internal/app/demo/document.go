package demo

import "fmt"

// document is an ID number of the right form (GB 11643) that cannot be anybody's:
// no province is called 66.
func document(s *soul, serial int) string {
	no := serial%499*2 + 1 // odd for men
	if s.sex == she {
		no++
	}
	number := fmt.Sprintf("660101%04d%02d%02d%03d", s.birth.Year, s.birth.Month, s.birth.Day, no)
	sum := 0
	for _, digit := range number {
		sum = (sum + int(digit-'0')) * 2 % 11 // ISO 7064, MOD 11-2
	}
	return number + string("10X98765432"[sum])
}
