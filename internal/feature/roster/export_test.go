package roster

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/category"
	"linli/internal/core/person"
	"linli/internal/core/transfer"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/fault"
)

// export gives the bytes and the rows of an export, by headings.
func (t *town) export(who access.Who, a Ask) ([]byte, []row) {
	t.Helper()
	var b bytes.Buffer
	if err := t.s.Export(t.ctx, who, a, &b); err != nil {
		t.Fatal(err)
	}
	table, err := transfer.OpenTable(bytes.NewReader(b.Bytes()), int64(b.Len()), transfer.VolunteerRoster(), transfer.DefaultLimits())
	if err != nil {
		t.Fatal(err)
	}
	var rows []row
	for r, err := range table.Rows() {
		if err != nil {
			t.Fatal(err)
		}
		cells := row{}
		for _, h := range headings() {
			cells[h] = r.Text(h)
		}
		rows = append(rows, cells)
	}
	return b.Bytes(), rows
}

func TestExportIsMaskedUnlessThereIsAReason(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		t.confirm(worker, t.upload(worker, workbook(t, headings(), han(), he())).ID, false)
		_, han := t.byName("韩立新")
		for _, kind := range []transfer.Kind{transfer.XLSX, transfer.CSV} {
			data, rows := t.export(worker, Ask{Place: south, Kind: kind})
			if len(rows) != 2 || rows[1]["姓名"] != "韩**" || rows[1]["联系电话"] != "138****8000" || rows[1]["身份证件号码"] != "1****************5" && !strings.Contains(rows[1]["身份证件号码"], "****") ||
				rows[1]["居住地址"] != "邮电园小区 13号楼" || rows[1]["备注"] != "" || rows[1]["出生日期"] != "" || rows[1]["紧急联系人"] != "韩**" || rows[1]["是否同意信息使用"] != "待本人确认" {
				t.Errorf("%s: %v", kind, rows)
			}
			if kind == transfer.CSV && (bytes.Contains(data, []byte("立新")) || bytes.Contains(data, []byte("13800138000"))) {
				t.Error("the masked file tells names or phones")
			}
			data, rows = t.export(worker, Ask{Place: south, Kind: kind, Whole: true, Reason: "报街道备案"})
			want := row{"姓名": "韩立新", "联系电话": "13800138000", "居住地址": "邮电园小区 13号楼 2单元402", "备注": "=1+1", "所属队伍": "银发爱心义剪队",
				"专业技能": "修水管龙头、理发", "服务类别": "社区服务", "可服务时间": "周一至周五晚上；周六、周日上午、下午、晚上", "注册日期": "2024-05-01", "居住区域": "东风路南社区"}
			for heading, text := range want {
				if rows[1][heading] != text {
					t.Errorf("%s %s is %q, want %q", kind, heading, rows[1][heading], text)
				}
			}
			if kind == transfer.CSV && !bytes.Contains(data, []byte("'=1+1")) {
				t.Error("a formula stands in the file")
			}
		}
		seen, _, err := person.NewService(t.db).Disclosures(t.ctx, self(han), nil, 10)
		if err != nil || len(seen) != 2 || seen[0].Reason != "报街道备案" || seen[0].Name != "陈静" {
			t.Errorf("han can read %+v, %v", seen, err)
		}
	})
}

// TestPartsAreTheWholeExport reads a street part by part and holds it against the
// file: the same rows, numbered through, also over empty communities.
func TestPartsAreTheWholeExport(t *testing.T) {
	each(t, func(t *town) {
		worker, officer := t.worker(access.StationWorker, south), t.worker(access.StreetOfficer, street)
		t.confirm(worker, t.upload(worker, workbook(t, headings(), han(), he())).ID, false)
		_, file := t.export(officer, Ask{Place: street, Kind: transfer.CSV})
		var got []row
		for at := (Turn{}); ; {
			part, err := t.s.ExportPart(t.ctx, officer, street, at)
			if err != nil {
				t.Fatal(err)
			}
			for _, cells := range part.Rows {
				r := row{}
				for i, h := range headings() {
					r[h] = cells[i]
				}
				got = append(got, r)
			}
			if part.Next == nil {
				break
			}
			at = *part.Next
		}
		if len(got) != 2 || !slices.EqualFunc(got, file, maps.Equal[row, row]) {
			t.Errorf("in parts %v, as a file %v", got, file)
		}
		_, err := t.s.ExportPart(t.ctx, worker, street, Turn{})
		if fault.KindOf(err) != fault.KindForbidden {
			t.Errorf("the station exports the street: %v", err)
		}
	})
}

func TestWhoMayExport(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		for _, c := range []struct {
			who   access.Who
			ask   Ask
			kind  fault.Kind
			field string
		}{
			{worker, Ask{Place: south, Whole: true}, fault.KindInvalid, "reason"},
			{worker, Ask{Place: north}, fault.KindForbidden, ""},
			{t.worker(access.StreetOfficer, street), Ask{Place: street, Whole: true, Reason: "备案用"}, fault.KindForbidden, ""},
			{t.worker(access.Auditor, street), Ask{Place: street}, fault.KindForbidden, ""},
			{t.worker(access.Volunteer, south), Ask{Place: south}, fault.KindForbidden, ""},
		} {
			c.ask.Kind = transfer.CSV
			var b bytes.Buffer
			t.wants(t.s.Export(t.ctx, c.who, c.ask, &b), c.kind, c.field)
			if b.Len() > 0 {
				t.Error("a refused export has written something")
			}
		}
		if at, err := t.s.MayExport(t.ctx, t.worker(access.StreetOfficer, street), Ask{Place: street}); err != nil || at.ID != street {
			t.Errorf("%v, %v", at, err)
		}
	})
}

// What is exported whole goes in again and changes nothing, whatever people can do.
func TestExportGoesInAgain(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		var rows []row
		for i, s := range category.All() {
			r := row{"姓名": fmt.Sprintf("志愿者%03d", i), "联系电话": fmt.Sprintf("139%08d", i), "专业技能": s.Name, "居住地址": fmt.Sprintf("邮电园小区 %d号楼 %d", i%15, i),
				"可服务时间": []string{"", "周末", "周一 18:30-20:00"}[i%3], "所属队伍": []string{"", "甲队", "甲队、乙队"}[i%3], "政治面貌": "群众"}
			if s.IsTop() {
				r["服务类别"], r["专业技能"] = s.Name, ""
			}
			rows = append(rows, r)
		}
		t.confirm(worker, t.upload(worker, workbook(t, headings(), rows...)).ID, false)
		_, first := t.byName("志愿者007")
		if _, err := t.volunteers.Confirm(t.ctx, self(first), first.ID, volunteer.Confirmation{
			Agreement: volunteer.Agreement{Consent: volunteer.Purposes()}, Papers: volunteer.Papers{Birth: "1990-01-01"}}); err != nil {
			t.Fatal(err)
		}
		before := t.everything()
		data, out := t.export(worker, Ask{Place: south, Kind: transfer.XLSX, Whole: true, Reason: "存档"})
		if len(out) != len(rows) {
			t.Fatalf("%d rows, want %d", len(out), len(rows))
		}
		f := t.upload(worker, data)
		if f.Counts != (Counts{Same: len(rows)}) || !slices.Equal(before, t.everything()) {
			t.Errorf("%+v %v", f.Counts, t.said(worker, f.ID))
		}
		data, _ = t.export(worker, Ask{Place: south, Kind: transfer.XLSX})
		if f := t.upload(worker, data); f.Counts.Bad != len(rows) {
			t.Errorf("a masked roster goes in: %+v", f.Counts)
		}
	})
}
