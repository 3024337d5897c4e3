// Package archtest holds the rules of the house as tests: which way imports point,
// which feature may call which, who owns which table, and what no package may
// have. A new pair of features is a reviewed change of the table in rules.go.
package archtest
