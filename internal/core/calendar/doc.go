// Package calendar knows the days of China: civil days in Beijing time, which of
// them are working days, and how a page says when something is.
//
// Every limit "within n working days" (domain.md, sections 1.2, 1.13 and 6) is
// counted here. Days off and make-up working days come from holidays.txt, the
// yearly notices of the State Council as plain lines. A new year is announced
// each November: add its lines to that file, nothing else changes. Until then
// Known tells that the year is not announced, and its days are counted as
// Monday to Friday.
package calendar
