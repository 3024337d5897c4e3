// Package auth lets people in: accounts (账号), passwords and one-time codes
// (密码、验证码), sessions (登录), roles (身份) and acting for another (代办).
//
// An account is a person with a phone that signs in; its id is the person's. A
// person without one is normal: an elder whom the station serves by phone.
//
//	phone + password ──┐
//	phone + code ──────┼─→ session: web (cookie) or api (bearer) ─→ access.Who
//	demo link ─────────┘
//
// # What holds
//
//   - A phone has at most one account in the whole house: the table login says in
//     which district it is. login is the one registry that shares a transaction
//     with rows of a district; without that a phone could lose its account.
//   - Nothing that opens a door is stored. Of a password the argon2id hash is kept,
//     of a token its SHA-256, of a one-time code only the nonce that it follows from
//     together with the secret of the house, which the database does not hold. Jobs,
//     events and logs have none of them either.
//   - A phone without an account is answered like one with a wrong password, in the
//     same time, with the same lock after the same number of failures.
//   - At most five passwords, and at most five tries of one code, are ever compared
//     before the lock, whatever the concurrency: the count is kept even when the
//     answer is a refusal (settle), and a right guess that comes after the lock is
//     refused like a wrong one.
//   - Whoever changes a password or a phone ends all other sessions of the account
//     in the same transaction.
//   - Nobody gives or takes a role of their own; a role is given by an administrator
//     of a place that holds the role's place, or by a feature whose own step makes
//     somebody a resident, volunteer, team leader or unit contact (Assign).
//
// Every change writes an event: account.*, session.*, role.*, proxy.*.
package auth
