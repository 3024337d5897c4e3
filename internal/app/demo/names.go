package demo

import (
	"strings"

	"linli/internal/core/identity"
)

// surnames are the frequent ones; the further in front, the more often.
const surnames = `王 李 张 刘 陈 杨 赵 黄 周 吴 徐 孙 胡 朱 高 林 何 郭 马 罗 梁 宋 郑 谢 韩 唐 冯 于 董 萧
	程 曹 袁 邓 许 傅 沈 曾 彭 吕 苏 卢 蒋 蔡 贾 丁 魏 薛 叶 阎 余 潘 杜 戴 夏 钟 汪 田 任 姜
	范 方 石 姚 谭 廖 邹 熊 金 陆 郝 孔 白 崔 康 毛 邱 秦 江 史 顾 侯 邵 孟 龙 万 段 雷 钱 汤 尹 欧阳`

// given are names by generation (born before 1965, before 1995, later) and sex.
var given = [3]map[identity.Sex]string{
	{
		identity.Female: `秀英 玉兰 淑琴 凤兰 桂珍 玉珍 秀兰 淑珍 桂英 秀珍 玉华 淑华 素珍 凤英 桂芳 玉梅 秀芝 淑芳 素琴 春兰
			玉芬 惠兰 桂荣 瑞芳 文英 月娥 俊英 秀云 淑贤 玉英 素梅 桂香 凤琴 淑英 翠兰 玉琴 秀荣 金兰 爱珍 桂芝`,
		identity.Male: `德厚 长顺 玉田 永福 国栋 建国 振华 福生 志强 宝山 春生 玉山 文斌 树林 长林 德明 万福 国强 学文 金山
			广义 庆祥 世昌 连生 宝田 守义 炳文 士林 荣贵 占山 兴旺 进才 保国 树森 景山 喜顺 克勤 鸿儒 书田 满仓`,
	},
	{
		identity.Female: `敏 丽 静 燕 霞 艳 红 娟 芳 颖 秀丽 海燕 晓红 丽娜 雪梅 丽华 爱华 红梅 晓燕 春梅
			慧敏 志红 立娟 玉洁 海霞 文娟 彦玲 晓莉 建英 亚男 云霞 惠芬 素娟 小梅 艳秋 立英 瑞霞 丹 婧 蕾`,
		identity.Male: `伟 强 磊 军 勇 涛 明 超 刚 杰 海涛 志刚 建军 晓东 立军 志远 永刚 文涛 少华 海波
			建民 立新 彦军 国庆 卫东 红兵 永强 志勇 文革 学军 长江 海峰 建平 新民 瑞峰 振宇 鹏 斌 凯 辉`,
	},
	{
		identity.Female: `小雨 欣怡 雨桐 诗涵 佳怡 一诺 可欣 思琪 雅琪 梦瑶 子涵 语嫣 若曦 婉清 芷若 依然 安琪 晓彤 静雯 宁`,
		identity.Male:   `浩然 子轩 宇轩 博文 梓豪 俊杰 浩宇 一鸣 天佑 晨曦 嘉诚 思源 明哲 泽宇 睿 子墨 昊天 逸飞 文博 宇航`,
	},
}

// names gives people names.
type names struct {
	draw
	surnames []string
	weights  []int
	given    [3]map[identity.Sex][]string
}

func newNames(d draw) names {
	n := names{draw: d, surnames: strings.Fields(surnames)}
	for i := range n.surnames {
		n.weights = append(n.weights, 800/(i+8))
	}
	for i, g := range given {
		n.given[i] = map[identity.Sex][]string{}
		for sex, list := range g {
			n.given[i][sex] = strings.Fields(list)
		}
	}
	return n
}

func (n names) surname() string { return n.surnames[n.weighted(n.weights)] }

// of is a full name for somebody born in a year.
func (n names) of(surname string, sex identity.Sex, born int) string {
	generation := 2
	switch {
	case born < 1965:
		generation = 0
	case born < 1995:
		generation = 1
	}
	return surname + pick(n.draw, n.given[generation][sex])
}
