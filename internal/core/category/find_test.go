package category

import (
	"slices"
	"strings"
	"testing"
)

func ids(services []Service) []string {
	var out []string
	for _, s := range services {
		out = append(out, s.ID)
	}
	return out
}

func TestFindReadsCells(t *testing.T) {
	for _, c := range []struct{ cell, want, unknown string }{
		{"理发、水电维修", "haircut change_bulb fix_water", ""},
		{"换灯/修水电", "change_bulb fix_water", ""},
		{" 理发 ", "haircut", ""},
		{"会理发，开过出租", "haircut", "开过出租"},
		{"电工证", "electrical_work", ""},
		{"修收音机;磨刀；缝补", "repair_radio sharpen_knives mend_clothes", ""},
		{"理发 剪头发 义剪", "haircut", ""},
		{"Haircut, legal advice", "haircut legal_advice", ""},
		{"理髮", "haircut", ""},
		{"社区服务", "community_service", ""},
		{"clinic_escort", "clinic_escort", ""},
		{"卫生健康、法律服务", "health legal_service", ""},
		{"写代码", "", "写代码"},
		{"", "", ""},
		{"、，；", "", ""},
	} {
		found, unknown := Find(c.cell)
		if got := strings.Join(ids(found), " "); got != c.want {
			t.Errorf("Find(%q) is %q, not %q", c.cell, got, c.want)
		}
		if got := strings.Join(unknown, " "); got != c.unknown {
			t.Errorf("Find(%q) does not know %q, want %q", c.cell, got, c.unknown)
		}
	}
}

func TestFindReadsNoMoreThanFiftyNames(t *testing.T) {
	found, unknown := Find(strings.Repeat("理发、", maxNames) + "磨刀")
	if got := ids(found); !slices.Equal(got, []string{"haircut"}) || !slices.Equal(unknown, []string{"磨刀"}) {
		t.Errorf("found %v, unknown %v", got, unknown)
	}
}

// Every name finds its own service.
func TestFindKnowsEveryName(t *testing.T) {
	for _, s := range All() {
		for _, name := range append([]string{s.ID, s.Name, s.English}, s.aliases...) {
			found, unknown := Find(name)
			if len(unknown) > 0 || !slices.Contains(ids(found), s.ID) {
				t.Errorf("Find(%q) is %v, not %s", name, ids(found), s.ID)
			}
		}
	}
}

// The services, projects and courses that the five places of the demo name.
func TestFindKnowsTheFivePlaces(t *testing.T) {
	names := strings.Fields(`劝导市容 法律援助 纠纷调解 理发 送医买药 空巢老人帮扶 残疾儿童照顾 未诉先行 接诉即办
		就业再就业 社会救助和福利 医疗卫生 群众维权 治安巡防 空巢老人陪伴 停车秩序劝导
		入户探望 治安巡逻 垃圾分类 抗击疫情 环境卫生整治 读书活动 篆刻书画活动 老人集体活动
		扶危济困基金 护绿巡逻 心目影院 天使助残 军辉溢彩 花甲助耄耋 邻里守望 爱心助空巢
		送煤 送菜 送炉具 送岗位 送知识 送健康 送快乐 送品牌 送服务 全民公益集市
		声乐 书法 中医推拿 朗颂者老年人学习小组 老年协会 阳光小志愿者协会 红白事理事会
		党员教育 绿色环保 爱心互助服务 关爱未成年 敬老爱老 安全文明
		公租房申请 人才绿卡申请 党支部成立 党组织关系转接 职工维权 心理援助 法律咨询
		电动车乱停放与充电难 垃圾分类投放 瓶装液化气使用 旧灶检修 扶贫帮困 积分兑换
		邻里帮余药共享 共享工具手艺坊 邻里帮 爱阅读 文体娱乐 楼宇服务日`)
	for _, name := range names {
		if found := byName(name); len(found) == 0 {
			t.Errorf("%s is not in the tree", name)
		}
	}
}

func TestFindKnowsTheEverydayServices(t *testing.T) {
	names := strings.Fields(`理发 修家电 陪看病 代买药 打扫 陪聊天 辅导作业 换灯/修水电 修收音机 开锁 磨刀 缝补
		法律咨询 心理援助 纠纷调解 读报 送餐 助浴 测血压 手机教学 取快递 接送孩子 喂宠物 搬东西 清运垃圾 旧灶检修`)
	for _, name := range names {
		if found := byName(name); len(found) == 0 {
			t.Errorf("%s is not in the tree", name)
		}
	}
}
