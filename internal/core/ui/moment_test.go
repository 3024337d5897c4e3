package ui

import (
	"context"
	"testing"
	"time"

	"linli/internal/kit/i18n"
)

func TestMoments(t *testing.T) {
	at := time.Date(2025, 9, 26, 1, 2, 59, 0, time.UTC) // 9:02 in Shanghai
	late := time.Date(2025, 12, 31, 17, 0, 0, 0, time.UTC)
	zh, en := t.Context(), WithPrefs(t.Context(), Prefs{Lang: i18n.En})
	urumqi := WithShell(zh, Shell{Zone: time.FixedZone("Asia/Urumqi", 6*3600)})
	for _, tt := range []struct {
		got, want string
	}{
		{Date(zh, at), "9月26日 周五"}, {Date(en, at), "Fri 26 Sep"},
		{Day(zh, at), "26日"}, {Day(en, at), "26 Sep"},
		{Clock(zh, at), "9:02"}, {Clock(urumqi, at), "7:02"},
		{Moment(zh, at), "26日 9:02"}, {When(zh, at), "9月26日 周五 9:02"},
		{FullDate(zh, late), "2026年1月1日"}, {FullDate(en, late), "1 January 2026"},
		{Written(zh, "2026-11-16"), "2026年11月16日"}, {Written(en, "2026-11-16"), "16 November 2026"}, {Written(zh, "2026-10"), "2026年10月"},
		{Written(en, "2026-10"), "October 2026"}, {Written(urumqi, "2026-11-16"), "2026年11月16日"}, {Written(zh, ""), ""}, {Written(zh, "去年"), "去年"},
		{WrittenNear(zh, "2026-11-16"), "11月16日 周一"}, {WrittenNear(en, "2026-11-16"), "Mon 16 Nov"}, {WrittenNear(zh, ""), ""},
		{Date(zh, late), "1月1日 周四"}, {Clock(zh, late), "1:00"},
		{Duration(zh, 48), "48\u00a0分钟"}, {Duration(zh, 180), "3\u00a0小时"}, {Duration(zh, 80), "1\u00a0小时 20\u00a0分钟"}, {Duration(en, 80), "1\u00a0h 20\u00a0min"}, {Duration(zh, 0), "0\u00a0分钟"},
		{Number(5967), "5,967"}, {Number(-1234567), "-1,234,567"}, {Number(999), "999"}, {Number(0), "0"},
		{Percent(1, 3), "33%"}, {Percent(1, 200), "1%"}, {Percent(0, 0), "—"}, {Percent(7, 7), "100%"},
	} {
		if tt.got != tt.want {
			t.Errorf("%q, want %q", tt.got, tt.want)
		}
	}
}

func TestPhoneHref(t *testing.T) {
	for phone, want := range map[Phone]string{"0311-5550-0126": "tel:031155500126", "+86 138 0000": "tel:+861380000"} {
		if got := phone.Href(); got != want {
			t.Errorf("%s: %s", phone, got)
		}
	}
}

func TestContextWithoutAnything(t *testing.T) {
	if p := PrefsOf(context.Background()); p.Lang != i18n.Zh || p.Self != "/" {
		t.Errorf("%+v", p)
	}
}
