// Package certificate is the certificate of voluntary service 志愿服务证明: what a
// volunteer's record says of a period, on paper and as a credential that anyone can
// verify.
//
// Words: the paper is what stands on a certificate, kept as it was issued; the handler
// 经办人 accepts a request 受理, the head 负责人 issues it 开具; the notice 公示 is the
// public list, with masked names, for some days after; the code is the last part of
// the address to which the QR code leads; a doubt is a row of the record that was taken
// back after it went into a certificate; a batch issues for a whole place.
//
//	applied 申请 → accepted 受理 → issued 开具, 公示 → revoked 撤销
//	applied, accepted → refused, withdrawn
//
// Where the place lets volunteers help themselves (rule certificate_self), the platform
// takes the steps of handler and head in the same moment. Every certificate says so.
//
// Numbers (domain.md 1.3: number and register) are LL-<place>-<day>-<serial>: the 12
// digits of the community, the day of issue, and the how-manieth of that community on
// that day, from 0001 on and without gaps: LL-130104016901-20261122-0003.
//
// The public page knows number, period, hours and whether it stands, and no name
// (domain.md, section 5). Its address has 50 random bits, so it cannot be guessed.
//
// Invariants: only rows that count go into a certificate; what has been issued never
// changes but for being revoked; a place in a status list is given once; the private
// key is in a file outside of the database, and no other identity is made up when
// that file is lost.
package certificate
