// Package page holds the pages of accounts: the doors (登录, 注册, 忘记密码), one's
// own account, and the station's view of somebody else's.
//
// A door asks one thing at a time: first the phone, then, when the message is on
// its way, the code and the rest. Every step is a plain form.
package page
