// Package record is the service record 服务记录: the legal record of time actually
// spent (令67, article 7), with the grade of its evidence.
//
// Words: a record is one service of one volunteer; its grade says how well it is
// proven: A code and position, B one of them, C the host's word afterwards, M
// entered by hand.
//
// Invariants, checked after every test (CheckTotals):
//   - one source is recorded once, and a record is never changed or deleted;
//   - nobody is in two places at once: records of one person never overlap. What
//     would overlap is not recorded, and the person is told (event record.overlap);
//   - the sums that are kept equal the rows they sum up.
package record
