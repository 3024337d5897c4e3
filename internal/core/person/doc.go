// Package person keeps the people (居民) and households (住户) that a place knows,
// what they agreed to (同意), and who was shown their data (谁看过我的信息).
//
// Most persons have no account: an elder is served by phone. What identifies
// somebody is masked wherever it is put out (domain.md 1.17); Disclose opens it
// for a stated reason and leaves a row that the person can read, and an event.
//
// # Invariants
//
//   - One ID document stands for one person of a district.
//   - A person lies in the community of their place, a household's members at the
//     household's place.
//   - The maintained counts "residents" and "households" equal the rows.
package person
