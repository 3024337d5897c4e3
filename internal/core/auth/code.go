package auth

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"fmt"
	"strings"
	"time"

	"golang.org/x/text/width"

	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
	"linli/internal/kit/i18n"
	"linli/internal/kit/web"
)

// Purpose is what a one-time code is good for. A code of one purpose does nothing
// for another.
type Purpose string

const (
	Enter    Purpose = "enter"     // sign in, register, or set a forgotten password
	Confirm  Purpose = "confirm"   // in place of the password, from who is signed in already
	NewPhone Purpose = "new_phone" // the number that an account shall have from now on
	Consent  Purpose = "consent"   // somebody agrees that another acts for them
)

// Enum lists the values for the decoder of requests.
func (Purpose) Enum() []string {
	return []string{string(Enter), string(Confirm), string(NewPhone), string(Consent)}
}

// readBy is the language of the message for a code that was asked for in ctx: that
// of who asks, who reads it too; only the word of a third person is asked for in
// Chinese, because nobody knows how they read.
func (p Purpose) readBy(ctx context.Context) i18n.Lang {
	if p == Consent {
		return i18n.Zh
	}
	return ui.PrefsOf(ctx).Lang
}

// text is what the message says, the id of its translation; %s is the code. It
// tells what the code opens, so that nobody is talked out of it.
func (p Purpose) text() string {
	switch p {
	case Confirm:
		return "【邻里】验证码 %s，5 分钟内有效。您正在改账号的密码或手机号。不是您本人在办，请不要告诉任何人。"
	case NewPhone:
		return "【邻里】验证码 %s，5 分钟内有效。您正在把账号换到这个手机号。不是您本人在办，不用理会。"
	case Consent:
		return "【邻里】验证码 %s，5 分钟内有效。有人申请替您点单。同意，就把这 6 位数告诉他。不同意，不用理会。"
	}
	return "【邻里】验证码 %s，5 分钟内有效。您正在登录或注册。不是您本人在办，请不要告诉任何人。"
}

// The limits of codes.
const (
	codeDigits  = 6
	codeLife    = 5 * time.Minute
	codeTries   = 5
	codePause   = 60 * time.Second // between two codes to one phone, whatever they are for
	codesPerDay = 10               // to one phone, in a day of Asia/Shanghai
)

// SendCode sends a one-time code to a phone; it replaces the one before. It is
// sent whether or not the phone has an account, so that only who reads it learns
// of that.
func (s *Service) SendCode(ctx context.Context, phone string, purpose Purpose) error {
	phone, err := identity.Mobile("phone", phone)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		l, err := findLogin(tx, phone)
		if err != nil {
			return err
		}
		now := tx.Now()
		sent, err := putCode(tx, l, purpose, rand.Text(), now, calendar.DayOf(now))
		if err != nil {
			return err
		}
		if !sent {
			return tooManyCodes(tx, l)
		}
		return enqueue(tx, l.district, delivery{Phone: phone, CodeSentAt: now.UnixMilli(), Lang: purpose.readBy(ctx)})
	})
}

// tooManyCodes says why no further code is sent now.
func tooManyCodes(tx *db.Tx, l login) error {
	sentAt, err := lastCodeAt(tx, l)
	if err != nil {
		return err
	}
	if wait := sentAt.Add(codePause).Sub(tx.Now()); wait > 0 {
		return web.TooMany(wait, fault.Busy("短信刚发过。没收到的话，%d 秒以后再要一条。", int((wait+time.Second-1)/time.Second)))
	}
	return web.TooMany(24*time.Hour, fault.Busy("今天发到这个号码的验证码已经有 %d 条了。请明天再试，或者打电话给服务站。", codesPerDay))
}

// useCode takes one try of the phone's code and says whether it was right; a
// right one is used up. A refusal must be kept (settle), or tries were endless.
func (s *Service) useCode(tx *db.Tx, l login, purpose Purpose, code string) (refusal, err error) {
	nonce, found, err := takeTry(tx, l, purpose, tx.Now())
	if err != nil {
		return nil, err
	}
	if !found {
		return fault.Invalid("code", "这个验证码用过了、过期了，或者错了太多次。请重新要一条短信。"), nil
	}
	if subtle.ConstantTimeCompare([]byte(s.code(l.phone, purpose, nonce)), []byte(code)) != 1 {
		return fault.Invalid("code", "验证码不对。请照短信再填一遍。"), nil
	}
	return nil, spendCode(tx, l)
}

// code is what follows from a nonce and the secret of the house.
func (s *Service) code(phone string, purpose Purpose, nonce string) string {
	mac := hmac.New(sha256.New, s.secret)
	fmt.Fprintf(mac, "one-time code|%s|%s|%s", phone, purpose, nonce)
	return fmt.Sprintf("%06d", binary.BigEndian.Uint64(mac.Sum(nil))%1_000_000)
}

// parseCode reads a code as people type it, with spaces or full-width digits.
func parseCode(field, text string) (string, error) {
	code := strings.Join(strings.Fields(width.Narrow.String(text)), "")
	if len(code) != codeDigits || strings.Trim(code, "0123456789") != "" {
		return "", fault.Invalid(field, "验证码是短信里的 6 位数字。")
	}
	return code, nil
}
