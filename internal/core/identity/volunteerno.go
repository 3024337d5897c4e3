package identity

import (
	"fmt"

	"linli/internal/kit/fault"
)

// VolunteerNo is the number by which a volunteer is known in public instead of
// the ID number (统一志愿者编号, MZ/T 061): 16 digits, the county (6), a serial
// number in it (9) and a check digit that catches every wrong digit and nearly
// every swapped pair. Numbers that other systems gave are kept as plain text
// beside it.
type VolunteerNo string

// NewVolunteerNo makes the number of the serial-th volunteer of a county; county
// has 6 digits, serial goes from 1 to 999999999.
func NewVolunteerNo(county string, serial int64) VolunteerNo {
	body := fmt.Sprintf("%s%09d", county, serial)
	return VolunteerNo(body + string(mod11_10(body)))
}

// ParseVolunteerNo checks a number as people type it.
func ParseVolunteerNo(field, text string) (VolunteerNo, error) {
	no := compact(text)
	if len(no) != 16 || !isDigits(no) {
		return "", fault.Invalid(field, "志愿者编号是 16 位数字。")
	}
	if mod11_10(no[:15]) != no[15] {
		return "", fault.Invalid(field, "志愿者编号有一位不对，请再核对一遍。")
	}
	return VolunteerNo(no), nil
}

// mod11_10 is the check digit of ISO 7064, MOD 11-10.
func mod11_10(digits string) byte {
	product := 10
	for _, digit := range digits {
		sum := (product + int(digit-'0')) % 10
		if sum == 0 {
			sum = 10
		}
		product = sum * 2 % 11
	}
	return byte('0' + (11-product)%10)
}
