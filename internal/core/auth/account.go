package auth

import (
	"context"
	"errors"
	"time"

	"linli/internal/core/access"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/ui"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

// Owner is somebody signed in who changes their own account.
type Owner struct {
	Who     access.Who
	Session string // id of the session that stays
}

// Proof is what shows that it is really the owner: the password, or the code that
// was sent to the account's phone for Confirm.
type Proof struct {
	Password string
	Code     string
}

// ResetPassword sets a forgotten password by the code that was sent to the phone
// for Enter. All sessions end.
func (s *Service) ResetPassword(ctx context.Context, phone, code, password string) error {
	phone, wrongPhone := identity.Mobile("phone", phone)
	code, wrongCode := parseCode("code", code)
	if err := fault.Join(wrongPhone, wrongCode, CheckPassword("password", password, phone)); err != nil {
		return err
	}
	hashed, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := s.tryCode(tx, phone, Enter, code)
		if refusal != nil || err != nil {
			return refusal, err
		}
		if l.holder == nil {
			return nil, ErrNoAccount
		}
		return nil, s.setPassword(tx, l.holder, hashed, "")
	})
}

// ChangePassword sets a new password. All other sessions end.
func (s *Service) ChangePassword(ctx context.Context, o Owner, p Proof, password string) error {
	h, err := s.own(ctx, o)
	if err != nil {
		return err
	}
	if err := CheckPassword("new_password", password, h.phone); err != nil {
		return err
	}
	prove, err := s.judge(ctx, h, p)
	if err != nil {
		return err
	}
	hashed, err := s.passwords.hash(ctx, password)
	if err != nil {
		return err
	}
	return s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := prove(tx)
		if refusal != nil || err != nil {
			return refusal, err
		}
		return nil, s.setPassword(tx, l.holder, hashed, o.Session)
	})
}

func (s *Service) setPassword(tx *db.Tx, h *holder, password Hashed, kept string) error {
	s.record(tx, h, "account.password", nil)
	if err := updatePassword(tx, h, password); err != nil {
		return err
	}
	return s.endAll(tx, h.district, h.id, kept)
}

// ChangePhone moves an account to another number, to which a code was sent for
// NewPhone. All other sessions end, and the old number is told.
func (s *Service) ChangePhone(ctx context.Context, o Owner, p Proof, phone, code string) error {
	phone, wrongPhone := identity.Mobile("new_phone", phone)
	code, wrongCode := parseCode("new_code", code)
	if err := fault.Join(wrongPhone, wrongCode); err != nil {
		return err
	}
	h, err := s.own(ctx, o)
	if err != nil {
		return err
	}
	prove, err := s.judge(ctx, h, p)
	if err != nil {
		return err
	}
	return s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := prove(tx)
		if refusal != nil || err != nil {
			return refusal, err
		}
		_, refusal, err = s.tryCode(tx, phone, NewPhone, code)
		if refusal != nil || err != nil {
			return renamed(refusal, "new_code"), err
		}
		return nil, s.movePhone(tx, o.Who, l.holder, phone, o.Session)
	})
}

// renamed is a refusal of a form that has the field under another name.
func renamed(err error, field string) error {
	if err == nil {
		return nil
	}
	e := *fault.As(err)
	e.Field = field
	return &e
}

// ChangePhoneFor moves the account of somebody who has lost their old phone and
// stands at the station's counter. Staff accounts are moved only by who could
// give all their roles. The person is told on both numbers.
func (s *Service) ChangePhoneFor(ctx context.Context, by access.Who, district int, account, phone string) error {
	phone, err := identity.Mobile("new_phone", phone)
	if err != nil {
		return err
	}
	return s.db.Write(ctx, func(tx *db.Tx) error {
		h, err := s.subject(tx, by, access.PersonWrite, district, account)
		if err != nil {
			return err
		}
		return s.movePhone(tx, by, h, phone, "")
	})
}

func (s *Service) movePhone(tx *db.Tx, by access.Who, h *holder, phone, kept string) error {
	if phone == h.phone {
		return fault.Invalid("new_phone", "新号码和现在的一样。")
	}
	if err := takePhone(tx, phone, h); err != nil {
		return err
	}
	if err := deleteLogin(tx, h.phone); err != nil {
		return err
	}
	if err := updatePhone(tx, h, phone); err != nil {
		return err
	}
	if err := callOn(tx, h, phone); err != nil {
		return err
	}
	s.recordBy(tx, by, h, "account.phone", nil)
	if err := tellPhoneMoved(tx, h, phone); err != nil {
		return err
	}
	return s.endAll(tx, h.district, h.id, kept)
}

// callOn gives the person the new number too, where the old one stood.
func callOn(tx *db.Tx, h *holder, phone string) error {
	if h.person.Phone != h.phone {
		return nil
	}
	p := h.person
	p.Phone = phone
	saved, err := person.Save(tx, p)
	if err == nil && !saved {
		err = fault.Conflict("就在刚才，站里改了您的资料。请再办一次。")
	}
	return err
}

func tellPhoneMoved(tx *db.Tx, h *holder, phone string) error {
	text := ui.T(tx.Context(), "【邻里】您的账号已经换到尾号 %s 的手机。不是您本人办的，请马上打电话给服务站。", phone[7:])
	for _, to := range []string{h.phone, phone} {
		if err := enqueue(tx, h.district, delivery{Phone: to, Text: text}); err != nil {
			return err
		}
	}
	return nil
}

// CloseAccount switches off one's own account (网络数据条例 23). All sessions end.
func (s *Service) CloseAccount(ctx context.Context, o Owner, p Proof) error {
	h, err := s.own(ctx, o)
	if err != nil {
		return err
	}
	prove, err := s.judge(ctx, h, p)
	if err != nil {
		return err
	}
	return s.settle(ctx, func(tx *db.Tx) (error, error) {
		l, refusal, err := prove(tx)
		if refusal != nil || err != nil {
			return refusal, err
		}
		return nil, s.disable(tx, o.Who, l.holder)
	})
}

// Disable switches off somebody's account. All its sessions end.
func (s *Service) Disable(ctx context.Context, by access.Who, district int, account string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		h, err := s.subject(tx, by, access.RoleGrant, district, account)
		if err != nil {
			return err
		}
		return s.disable(tx, by, h)
	})
}

func (s *Service) disable(tx *db.Tx, by access.Who, h *holder) error {
	changed, err := updateDisabled(tx, h, tx.Now())
	if err != nil || !changed {
		return err
	}
	s.recordBy(tx, by, h, "account.disable", nil)
	return s.endAll(tx, h.district, h.id, "")
}

// Enable switches an account on again.
func (s *Service) Enable(ctx context.Context, by access.Who, district int, account string) error {
	return s.db.Write(ctx, func(tx *db.Tx) error {
		h, err := s.subject(tx, by, access.RoleGrant, district, account)
		if err != nil {
			return err
		}
		changed, err := updateDisabled(tx, h, time.Time{})
		if err != nil || !changed {
			return err
		}
		s.recordBy(tx, by, h, "account.enable", nil)
		return nil
	})
}

// own is the owner's account.
func (s *Service) own(ctx context.Context, o Owner) (h holder, err error) {
	err = s.db.Read(ctx, func(tx *db.Tx) error {
		var found bool
		h, found, err = findHolder(tx, o.Who.District, o.Who.Person)
		if err == nil && !found {
			err = ErrSignedOut
		}
		return err
	})
	return h, err
}

// judge prepares the owner's proof.
func (s *Service) judge(ctx context.Context, h holder, p Proof) (proof, error) {
	if p.Code == "" && h.hash != "" {
		wrong := fault.Invalid("password", "现在的密码不对。想不起来，就用短信验证码。")
		prove, err := s.tryPassword(ctx, h.phone, p.Password, wrong)
		return ofOwner(h, prove), err
	}
	code, err := parseCode("code", p.Code)
	return ofOwner(h, func(tx *db.Tx) (login, error, error) { return s.tryCode(tx, h.phone, Confirm, code) }), err
}

// ofOwner is a proof that only holds while the phone still leads to the owner.
func ofOwner(h holder, prove proof) proof {
	return func(tx *db.Tx) (l login, refusal, err error) {
		l, refusal, err = prove(tx)
		if refusal == nil && err == nil && (l.holder == nil || l.holder.id != h.id) {
			err = fault.Conflict("就在刚才，这个账号换了手机号。请重新打开这一页再办。")
		}
		return l, refusal, err
	}
}

// subject is somebody else's account, for who may change it: with the permission
// at the person's place, and for staff with every right to give their roles.
func (s *Service) subject(tx *db.Tx, by access.Who, p access.Permission, district int, account string) (*holder, error) {
	h, found, err := findHolder(tx, district, account)
	if err != nil {
		return nil, err
	}
	if !found {
		return nil, fault.NotFound("这个人还没有账号。")
	}
	if by.Person == account && !by.System {
		return nil, fault.Forbidden("自己的账号请在“我的账号”里改。")
	}
	if err := access.Check(by, p, stationTarget(h.person)); err != nil {
		return nil, err
	}
	held, err := grantsOf(tx, district, account, tx.Now())
	for _, g := range held {
		if isStaffRole(g.Grant.Role) {
			err = errors.Join(err, access.Check(by, access.RoleGrant, g.target()))
		}
	}
	return &h, err
}
