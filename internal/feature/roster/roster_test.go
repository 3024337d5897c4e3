package roster

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"linli/internal/core/access"
	"linli/internal/core/calendar"
	"linli/internal/core/identity"
	"linli/internal/core/person"
	"linli/internal/core/transfer"
	"linli/internal/feature/org"
	"linli/internal/feature/volunteer"
	"linli/internal/kit/db"
	"linli/internal/kit/fault"
)

func chinese(r Remark) string { return fmt.Sprintf(r.Msg, r.Args...) }

// han and he are two good rows.
func han() row {
	return row{"序号": "1", "姓名": "韩　立新", "性别": "男", "出生日期": "1958-03-02", "证件类型": "身份证", "身份证件号码": id18("13010419580302101"),
		"政治面貌": "群众", "文化程度": "高中", "居住区域": "邮电园小区", "居住地址": "13号楼 2单元402", "联系电话": "138 0013 8000", "专业技能": "理发、修水管",
		"服务类别": "社区服务", "所属队伍": "银发爱心义剪队", "可服务时间": "周一至周五晚上；周末", "紧急联系人": "韩梅", "紧急联系电话": "13900139000",
		"注册日期": "2024年5月1日", "是否同意信息使用": "是", "备注": "=1+1"}
}

func he() row {
	return row{"姓名": "何玉兰", "联系电话": "0311-87654321", "专业技能": "聊天"}
}

func TestRosterGoesInWhole(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		shuffled := slices.Clone(headings())
		slices.Reverse(shuffled)
		shuffled = slices.Insert(shuffled, 3, "班组") // a column that nobody knows
		f := t.upload(worker, workbook(t, shuffled, han(), he()))
		if f.State != Checked || f.Counts != (Counts{New: 2}) || f.All != 2 {
			t.Fatalf("checked: %+v %v", f, t.said(worker, f.ID))
		}
		if before := t.everything(); len(before) != 0 {
			t.Fatalf("something is in the house before the confirmation: %v", before)
		}
		f = t.confirm(worker, f.ID, false)
		if f.State != Done || f.Taken != 2 {
			t.Fatalf("imported: %+v", f)
		}
		v, p := t.byName("韩立新")
		if v.Status != volunteer.Pending || v.Origin != volunteer.FromImport || v.Political != "群众" || v.Note != "=1+1" ||
			!slices.Equal(v.Skills, []string{"community_service", "fix_water", "haircut"}) || volunteer.FreeText(v.Free) != "周一至周五晚上；周六、周日上午、下午、晚上" ||
			v.ContactPhone != "13900139000" || calendar.DayOf(v.RegisteredAt) != (calendar.Day{Year: 2024, Month: 5, Day: 1}) || v.At == nil {
			t.Errorf("volunteer %+v", v)
		}
		if p.Place != house(3) || p.Door != "2单元402" || p.Address != "" || p.Phone != "13800138000" || p.Sex != identity.Male {
			t.Errorf("person %+v", p)
		}
		t.read(func(tx *db.Tx) error {
			team, found, err := org.TeamNamed(tx, district, south, "银发爱心义剪队")
			if members, _ := org.Members(tx, district, team.ID); !found || len(members) != 1 || members[0] != v.ID {
				t.Errorf("team %+v with %v", team, members)
			}
			return err
		})
	})
}

func TestTheSameFileChangesNothing(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		data := workbook(t, headings(), han(), he())
		t.confirm(worker, t.upload(worker, data).ID, false)
		v, p := t.byName("韩立新")
		again := func(when string) {
			t.Helper()
			before := t.everything()
			f := t.upload(worker, data)
			if f.Counts != (Counts{Same: 2}) {
				t.Errorf("%s: %+v %v", when, f.Counts, t.said(worker, f.ID))
			}
			_, err := t.s.Confirm(t.ctx, worker, f.ID, false)
			t.wants(err, fault.KindConflict, "")
			if after := t.everything(); !slices.Equal(before, after) {
				t.Errorf("%s: the house has changed\n%v\n%v", when, before, after)
			}
		}
		again("at once")

		// Han agrees and speaks for himself; He declines.
		if _, err := t.volunteers.Confirm(t.ctx, self(p), v.ID, volunteer.Confirmation{Agreement: volunteer.Agreement{Consent: volunteer.Purposes()}}); err != nil {
			t.Fatal(err)
		}
		note := "周三不行"
		if _, err := t.volunteers.Edit(t.ctx, self(p), v.ID, volunteer.Profile{Skills: []string{"haircut"}, Note: &note}); err != nil {
			t.Fatal(err)
		}
		he, _ := t.byName("何玉兰")
		if _, err := t.volunteers.Decline(t.ctx, worker, he.ID); err != nil {
			t.Fatal(err)
		}
		t.write(func(tx *db.Tx) error { // and he leaves the team
			team, _, err := org.TeamNamed(tx, district, south, "银发爱心义剪队")
			if err != nil {
				return err
			}
			return org.EndMember(tx, district, team.ID, v.ID)
		})
		again("after they have spoken")
		if now, _ := t.byName("韩立新"); now.Note != note || now.Status != volunteer.Active {
			t.Errorf("the roster speaks louder than the volunteer: %+v", now)
		}
	})
}

func TestPendingPeopleFollowTheRoster(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StreetOfficer, street)
		t.confirm(worker, t.upload(worker, workbook(t, headings(), han(), he())).ID, false)
		mended := han()
		mended["联系电话"], mended["专业技能"], mended["所属队伍"], mended["备注"] = "13800138999", "磨刀", "夕阳维修队", ""
		f := t.upload(worker, workbook(t, headings(), mended, he()))
		if f.Counts != (Counts{Changed: 1, Same: 1}) || t.said(worker, f.ID)[4] != "changed 联系电话：会更新。专业技能：会更新。所属队伍：会更新。" {
			t.Fatalf("%+v %v", f.Counts, t.said(worker, f.ID))
		}
		t.confirm(worker, f.ID, false)
		v, p := t.byName("韩立新")
		if p.Phone != "13800138999" || !slices.Equal(v.Skills, []string{"community_service", "sharpen_knives"}) || v.Note != "=1+1" {
			t.Errorf("%+v %+v", v, p)
		}
		if f := t.upload(worker, workbook(t, headings(), mended, he())); f.Counts != (Counts{Same: 2}) {
			t.Errorf("again: %+v %v", f.Counts, t.said(worker, f.ID))
		}
	})
}

// with is a row with some cells changed.
func (r row) with(cells ...string) row {
	out := maps.Clone(r)
	for i := 0; i < len(cells); i += 2 {
		out[cells[i]] = cells[i+1]
	}
	return out
}

func TestBadRowsAreNamed(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		t.write(func(tx *db.Tx) error {
			for _, p := range []person.Person{
				{Name: "王一", Phone: "13800000001", Place: south, IDType: identity.IDCard, IDNumber: id18("13010419700101101")},
				{Name: "王二", Phone: "13800000002", Place: north},
				{Name: "王三", Phone: "13800000003", Place: south}, {Name: "王三", Phone: "13800000003", Place: south},
			} {
				if _, err := person.Insert(tx, p); err != nil {
					return err
				}
			}
			return nil
		})
		a := row{"姓名": "甲", "联系电话": "13911110001"}
		rows := []struct {
			row
			want string
		}{
			{han(), ""},
			{a.with("身份证件号码", "130104195803021012"), "身份证件号码：身份证号有一位不对（最后一位对不上），请照着证件再核对一遍。"},
			{a.with("联系电话", "1391111000"), "联系电话：手机号是 11 位，现在只有 10 位。"},
			{a.with("联系电话", "1.39E+10"), "联系电话：手机号被表格当成数字改掉了。请把这一列设成“文本”，再填一遍。"},
			{a.with("联系电话", "139****0001"), "联系电话：打了星号的号码不能导入，请用没打星号的名单。"},
			{a.with("联系电话", ""), "联系电话和证件号码至少要有一样，不然认不出是谁。"},
			{a.with("姓名", ""), "姓名：请填姓名。"},
			{a.with("姓名", "=HYPERLINK(1)"), "姓名：姓名要以文字开头，不能是“=”。"},
			{a.with("姓名", "+张三"), "姓名：姓名要以文字开头，不能是“+”。"},
			{a.with("姓名", "-张三"), "姓名：姓名要以文字开头，不能是“-”。"},
			{a.with("姓名", "@张三"), "姓名：姓名要以文字开头，不能是“@”。"},
			{a.with("姓名", "乙", "专业技能", "理发、量子纠缠"), "专业技能：“量子纠缠”不在服务类别里"},
			{a.with("姓名", "丙", "可服务时间", "看心情"), "可服务时间：“看心情”看不懂"},
			{a.with("姓名", "丁", "性别", "不详", "出生日期", "2030-01-01"), "出生日期：出生日期 2030-01-01 还没到，请核对。"},
			{a.with("姓名", "戊", "是否同意信息使用", "否"), "是否同意信息使用：本人不同意使用信息，不能导入。"},
			{a.with("姓名", "己", "居住区域", "东风路北"), "居住区域：“东风路北”不在东风路南社区"},
			{han(), "和第 4 行是同一个人。"},
			{a.with("姓名", "庚", "身份证件号码", id18("13010419700101101")), "身份证件号码：这个证件号码登记的是王**，请核对。"},
			{row{"姓名": "王一", "联系电话": "13800000001", "身份证件号码": id18("13010419700101103")}, "身份证件号码：同名同电话的人登记的是另一个证件号码，请核对。"},
			{row{"姓名": "王二", "联系电话": "13800000002"}, "这个人登记在别的社区，请先和那边的服务站核对。"},
			{row{"姓名": "王三", "联系电话": "13800000003"}, "同名同电话的登记了 2 位"},
			{a.with("姓名", "辛", "证件类型", "学生证"), "证件类型：证件类型请填身份证、港澳台身份证或护照。"},
			{a.with("姓名", "壬", "注册日期", "2030-01-01"), "注册日期：注册日期 2030-01-01 还没到，请核对。"},
			{he(), ""},
		}
		var all []row
		for _, r := range rows {
			all = append(all, r.row)
		}
		before := t.everything()
		f := t.upload(worker, workbook(t, headings(), all...))
		said := t.said(worker, f.ID)
		for i, r := range rows {
			got := said[4+i]
			if r.want == "" && got != "" || r.want != "" && !strings.Contains(got, r.want) {
				t.Errorf("row %d: %q, want %q", 4+i, got, r.want)
			}
		}
		if f.State != Checked || f.Counts != (Counts{New: 2, Bad: len(rows) - 2}) {
			t.Errorf("%+v", f)
		}
		_, err := t.s.Confirm(t.ctx, worker, f.ID, false)
		t.wants(err, fault.KindInvalid, "leave_out")
		if after := t.everything(); !slices.Equal(before, after) {
			t.Error("a refused confirmation has imported something")
		}

		var b bytes.Buffer
		back, err := t.s.Remarked(t.ctx, worker, f.ID)
		if err == nil {
			err = back.Write(&b, true, chinese)
		}
		if err != nil || back.Kind != transfer.XLSX {
			t.Fatal(err, back.Kind)
		}
		table, err := transfer.OpenTable(bytes.NewReader(b.Bytes()), int64(b.Len()), transfer.VolunteerRoster(), transfer.DefaultLimits())
		if err != nil {
			t.Fatal(err)
		}
		n := 0
		for _, err := range table.Rows() {
			if n++; err != nil {
				t.Fatal(err)
			}
		}
		if n != len(rows)-2 {
			t.Errorf("the file with remarks has %d rows", n)
		}

		if f = t.confirm(worker, f.ID, true); f.State != Done || f.Taken != 2 {
			t.Errorf("without the bad rows: %+v", f)
		}
	})
}

func TestFilesThatAreNoRoster(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		good := workbook(t, headings(), han())
		for name, data := range map[string][]byte{
			"empty": nil, "text": []byte("hello"), "cut": good[:len(good)/2], "no headings": workbook(t, []string{"a", "b"}),
			"two phones": workbook(t, []string{"姓名", "联系电话", "手机号"}, he()),
		} {
			if _, err := t.s.Upload(t.ctx, worker, south, name, data); fault.KindOf(err) != fault.KindInvalid || fault.As(err).Field != "file" {
				t.Errorf("%s: %v", name, err)
			}
		}
		for who, kind := range map[access.Role]fault.Kind{access.Volunteer: fault.KindForbidden, access.Auditor: fault.KindForbidden} {
			if _, err := t.s.Upload(t.ctx, t.worker(who, south), south, "x", good); fault.KindOf(err) != kind {
				t.Errorf("%s: %v", who, err)
			}
		}
		f := t.upload(worker, good)
		for _, who := range []access.Who{t.worker(access.StationWorker, north), t.worker(access.Volunteer, south)} {
			_, err := t.s.Show(t.ctx, who, f.ID)
			t.wants(err, fault.KindNotFound, "")
			_, err = t.s.Confirm(t.ctx, who, f.ID, true)
			t.wants(err, fault.KindNotFound, "")
			_, err = t.s.Remarked(t.ctx, who, f.ID)
			t.wants(err, fault.KindNotFound, "")
		}
	})
}

func TestCancelAndForget(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		f, err := t.s.Upload(t.ctx, worker, south, "a.xlsx", workbook(t, headings(), han()))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := t.s.Confirm(t.ctx, worker, f.ID, false); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("confirmed while it is checked: %v", err)
		}
		if f, err = t.s.Cancel(t.ctx, worker, f.ID); err != nil || f.State != Cancelled {
			t.Errorf("%+v, %v", f, err)
		}
		t.run()
		if f = t.show(worker, f.ID); f.State != Cancelled || f.Read != 0 {
			t.Errorf("the job went on: %+v", f)
		}
		if _, err := t.s.Confirm(t.ctx, worker, f.ID, false); fault.KindOf(err) != fault.KindConflict {
			t.Errorf("confirmed what was cancelled: %v", err)
		}
		t.write(func(tx *db.Tx) error { return t.s.Forget(tx, district) })
		t.show(worker, f.ID)
		t.write(func(tx *db.Tx) error {
			tx.At(noon().AddDate(0, 0, 31))
			return t.s.Forget(tx, district)
		})
		_, err = t.s.Show(t.ctx, worker, f.ID)
		t.wants(err, fault.KindNotFound, "")
	})
}

func TestStreetRosterNamesItsCommunities(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StreetOfficer, street)
		data := workbook(t, headings(),
			row{"姓名": "甲", "联系电话": "13911110001", "居住区域": "东风路北社区"},
			row{"姓名": "乙", "联系电话": "13911110002", "居住区域": "东风路南", "居住地址": "邮电园小区３号楼1单元101"},
			row{"姓名": "丙", "联系电话": "13911110003", "居住区域": "中山路"})
		f, err := t.s.Upload(t.ctx, worker, street, "街道.xlsx", data)
		if err != nil {
			t.Fatal(err)
		}
		t.run()
		if f = t.show(worker, f.ID); f.Counts != (Counts{New: 2, Bad: 1}) {
			t.Fatalf("%+v %v", f.Counts, t.said(worker, f.ID))
		}
		t.confirm(worker, f.ID, true)
		if v, p := t.byName("乙"); v.Community != south || p.Place != house(2) || p.Door != "1单元101" {
			t.Errorf("%+v %+v", v, p)
		}
	})
}

// TestWorkGoesOnWhereItStopped runs an import in many small pieces, each by a
// process that knows nothing of the one before.
func TestWorkGoesOnWhereItStopped(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.StationWorker, south)
		var rows []row
		const n = 3 * chunkRows
		for i := range n {
			rows = append(rows, row{"姓名": fmt.Sprintf("志愿者%d", i), "联系电话": fmt.Sprintf("139%08d", i), "专业技能": "理发"})
		}
		f, err := t.s.Upload(t.ctx, worker, south, "a.xlsx", workbook(t, headings(), rows...))
		if err != nil {
			t.Fatal(err)
		}
		step := func() { t.chunk(f.ID) } // one chunk, then the process ends
		step()
		if f = t.show(worker, f.ID); f.State != Checking || f.Read != chunkRows || f.All < chunkRows {
			t.Fatalf("after one piece: %+v", f)
		}
		t.run()
		if f = t.show(worker, f.ID); f.Counts != (Counts{New: n}) {
			t.Fatalf("checked: %+v %v", f.Counts, t.said(worker, f.ID))
		}
		if f, err = t.s.Confirm(t.ctx, worker, f.ID, false); err != nil {
			t.Fatal(err)
		}
		step()
		late := &piece{s: t.s, left: pieceRows}
		if _, err := late.open(t.ctx, district, f.ID); err != nil {
			t.Fatal(err)
		}
		step()
		if err := late.run(t.ctx); err != nil || !late.stopped { // it was overtaken and gives way
			t.Errorf("the late process ends with %v", err)
		}
		t.run()
		if f = t.show(worker, f.ID); f.State != Done || f.Taken != n {
			t.Errorf("imported: %+v", f)
		}
		t.read(func(tx *db.Tx) error {
			var volunteers, persons int
			if _, err := tx.Get(`SELECT count(*) FROM volunteer WHERE district = 130104`, nil, &volunteers); err != nil {
				return err
			}
			_, err := tx.Get(`SELECT count(*) FROM person WHERE district = 130104`, nil, &persons)
			if volunteers != n || persons != n {
				t.Errorf("%d volunteers, %d persons, want %d", volunteers, persons, n)
			}
			return err
		})
	})
}

func TestImportInOneGo(t *testing.T) {
	each(t, func(t *town) {
		worker := t.worker(access.Administrator, street)
		data := workbook(t, headings(), han(), he(), row{"姓名": "甲", "联系电话": "1"})
		do := func(o Options) (Report, error) {
			return t.s.Import(t.ctx, worker, south, bytes.NewReader(data), int64(len(data)), o)
		}
		var found []Finding
		steps := 0
		r, err := do(Options{Check: true, Found: func(f Finding) { found = append(found, f) }, Progress: func(taking bool, n int, part float64) {
			if steps++; taking || n != 3 || part != 1 {
				t.Errorf("progress %v %d %f", taking, n, part)
			}
		}})
		if err != nil || r != (Report{Counts: Counts{New: 2, Bad: 1}}) || len(found) != 1 || found[0].Row != 6 || steps != 1 {
			t.Errorf("%+v, %v, %v", r, err, found)
		}
		_, err = do(Options{})
		t.wants(err, fault.KindInvalid, "file")
		if len(t.everything()) != 0 {
			t.Error("a refused import has taken something")
		}
		if r, err = do(Options{LeaveOut: true}); err != nil || r.Taken != 2 {
			t.Errorf("%+v, %v", r, err)
		}
		if r, err = do(Options{LeaveOut: true}); err != nil || r.Taken != 0 || r.Same != 2 {
			t.Errorf("again: %+v, %v", r, err)
		}
	})
}
