package category

import (
	"testing"
	"time"
)

func TestWindows(t *testing.T) {
	wednesday := "2026-09-23T10:00"
	for _, c := range []struct{ now, text, want string }{
		{wednesday, "今天", "09-23T10:00/09-23T20:00"},
		{wednesday, "今儿下午", "09-23T13:00/09-23T18:00"},
		{wednesday, "明天", "09-24T08:00/09-24T20:00"},
		{wednesday, "明早", "09-24T07:00/09-24T09:00"},
		{wednesday, "明晚八点", "09-24T20:00/09-24T21:00"},
		{wednesday, "后天上午", "09-25T08:00/09-25T12:00"},
		{wednesday, "大后天", "09-26T08:00/09-26T20:00"},
		{wednesday, "周五上午", "09-25T08:00/09-25T12:00"},
		{wednesday, "下周三", "09-30T08:00/09-30T20:00"},
		{wednesday, "下下周三", "10-07T08:00/10-07T20:00"},
		{wednesday, "星期天", "09-27T08:00/09-27T20:00"},
		{wednesday, "这个周末", "09-26T08:00/09-27T20:00"},
		{wednesday, "周一到周五", "09-28T08:00/10-02T20:00"},
		{wednesday, "周三", "09-23T10:00/09-23T20:00"},
		{wednesday, "这周一", "09-28T08:00/09-28T20:00"},
		{wednesday, "下周", "09-28T08:00/10-04T20:00"},
		{wednesday, "一周三次", "none"},
		{wednesday, "一日三餐没人管", "none"},
		{wednesday, "一日游", "none"},
		{wednesday, "9月26号", "09-26T08:00/09-26T20:00"},
		{wednesday, "九月二十六号", "09-26T08:00/09-26T20:00"},
		{wednesday, "９月２６日", "09-26T08:00/09-26T20:00"},
		{wednesday, "9/26", "09-26T08:00/09-26T20:00"},
		{wednesday, "2026年10月1日", "10-01T08:00/10-01T20:00"},
		{wednesday, "2026年9月20日上午", "none"},
		{wednesday, "2026年9月20日上午9点做的手术，明天复查", "09-24T08:00/09-24T20:00"},
		{wednesday, "1950年10月8日生的，明天过来", "09-24T08:00/09-24T20:00"},
		{wednesday, "26号楼", "none"},
		{wednesday, "五号楼三单元", "none"},
		{wednesday, "9月31号", "none"},
		{wednesday, "13月5号", "none"},
		{wednesday, "3号", "10-03T08:00/10-03T20:00"},
		{wednesday, "下个月10号", "10-10T08:00/10-10T20:00"},
		{wednesday, "月底", "09-28T08:00/09-30T20:00"},
		{wednesday, "下个月底", "10-29T08:00/10-31T20:00"},
		{wednesday, "下个月", "10-01T08:00/10-31T20:00"},
		{wednesday, "月初", "10-01T08:00/10-05T20:00"},
		{wednesday, "国庆节", "10-01T08:00/10-01T20:00"},
		{wednesday, "三点半", "09-23T15:30/09-23T16:30"},
		{wednesday, "15:30", "09-23T15:30/09-23T16:30"},
		{wednesday, "三点一刻", "09-23T15:15/09-23T16:15"},
		{wednesday, "早上三点", "09-24T03:00/09-24T04:00"},
		{wednesday, "九点", "09-24T09:00/09-24T10:00"},
		{wednesday, "晚上", "09-23T18:00/09-23T21:00"},
		{wednesday, "晚上十二点", "09-24T00:00/09-24T01:00"},
		{wednesday, "上午九点到十一点", "09-24T09:00/09-24T11:00"},
		{wednesday, "明天九点到下午三点", "09-24T09:00/09-24T15:00"},
		{wednesday, "明天十点到两点", "09-24T10:00/09-24T14:00"},
		{wednesday, "明天9-11点", "09-24T09:00/09-24T11:00"},
		{wednesday, "明天9:00~11:30", "09-24T09:00/09-24T11:30"},
		{wednesday, "今天八点", "09-23T20:00/09-23T21:00"},
		{wednesday, "明天三点前", "09-24T08:00/09-24T15:00"},
		{wednesday, "明天三点以后", "09-24T15:00/09-24T20:00"},
		{wednesday, "周五之前", "09-23T10:00/09-25T20:00"},
		{wednesday, "半小时后", "09-23T10:30/09-23T11:30"},
		{wednesday, "过两个半小时", "09-23T12:30/09-23T13:30"},
		{wednesday, "一会儿", "09-23T10:00/09-23T12:00"},
		{wednesday, "三天后", "09-26T08:00/09-26T20:00"},
		{wednesday, "三天内", "09-23T10:00/09-26T20:00"},
		{wednesday, "过两天", "09-25T08:00/09-26T20:00"},
		{wednesday, "这两天", "09-23T10:00/09-24T20:00"},
		{wednesday, "两个星期以后", "10-07T08:00/10-07T20:00"},
		{wednesday, "三天没洗澡", "none"},
		{wednesday, "昨天", "none"},
		{wednesday, "昨天晚上九点", "none"},
		{wednesday, "昨天坏的，明天修", "09-24T08:00/09-24T20:00"},
		{wednesday, "上周三", "none"},
		{wednesday, "上个月五号", "none"},
		{wednesday, "今天早上", "none"}, // it is over
		{wednesday, "快一点", "none"},
		{wednesday, "有一点脏", "none"},
		{wednesday, "下午一点", "09-23T13:00/09-23T14:00"},
		{wednesday, "一点钟", "09-23T13:00/09-23T14:00"},
		{wednesday, "九十一了", "none"},
		{wednesday, "打120", "none"},
		{wednesday, "电话13800000123", "none"},
		{wednesday, "取件码3-2-1108", "none"},
		{wednesday, "tomorrow at 3 pm", "09-24T15:00/09-24T16:00"},
		{wednesday, "next Monday morning", "09-28T08:00/09-28T12:00"},
		{wednesday, "in two days", "09-25T08:00/09-26T20:00"},
		{wednesday, "in half an hour", "09-23T10:30/09-23T11:30"},
		{wednesday, "on September 26th", "09-26T08:00/09-26T20:00"},
		{wednesday, "between 9 and monkeys", "none"},
		{"2026-09-27T09:00", "周末", "09-27T09:00/09-27T20:00"},
		{"2026-09-27T09:00", "下周一", "09-28T08:00/09-28T20:00"},
		{"2026-09-28T09:00", "周日", "10-04T08:00/10-04T20:00"},
		{"2026-09-23T21:30", "今天", "09-23T21:30/09-24T00:00"},
		{"2026-09-23T16:00", "三点", "09-24T15:00/09-24T16:00"},
		{"2026-12-31T10:00", "明天", "01-01T08:00/01-01T20:00"},
		{"2026-12-31T10:00", "1月2号", "01-02T08:00/01-02T20:00"},
		{"2026-12-31T10:00", "31号", "12-31T10:00/12-31T20:00"},
		{"2027-02-01T10:00", "31号", "none"},
		{"2028-02-01T10:00", "2月29号", "02-29T08:00/02-29T20:00"},
		{"2028-02-01T10:00", "月底", "02-27T08:00/02-29T20:00"},
	} {
		now, err := time.ParseInLocation("2006-01-02T15:04", c.now, zone())
		if err != nil {
			t.Fatal(err)
		}
		if got := spell(Suggest(c.text, now).Window); got != c.want {
			t.Errorf("at %s %q: %s, not %s", c.now, c.text, got, c.want)
		}
	}
}

// Days are those of China, wherever the clock comes from.
func TestDaysAreChinas(t *testing.T) {
	now := time.Date(2026, 9, 23, 20, 0, 0, 0, time.UTC) // the 24th, 4:00 in Shanghai
	if got := spell(Suggest("今天", now).Window); got != "09-24T08:00/09-24T20:00" {
		t.Errorf("today is %s", got)
	}
}
