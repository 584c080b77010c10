// Package hanzi writes Chinese in the characters of the mainland.
package hanzi

import "strings"

// pairs are traditional characters before the simplified ones, of what sentences, trade and
// names of places are made of. A name in characters that are not here is found by its sound.
const pairs = "幣币這这個个來来為为說说時时間间後后會会對对嗎吗沒没過过還还讓让給给從从買买賣卖貨货錢钱發发潤润萬万億亿與与無无現现開开關关門门車车長长東东華华滿满" +
	"場场廣广總总經经課课陳陈張张劉刘趙赵吳吴鄭郑許许葉叶馮冯鄧邓蘇苏楊杨蔣蒋閻阎羅罗賴赖龍龙鳳凤魯鲁謝谢庫库價价產产業业務务員员單单雙双幾几歲岁數数" +
	"據据報报訂订購购進进運运達达遲迟應应該该請请問问題题確确認认識识記记錄录話话語语詞词詢询議议計计劃划設设備备檢检處处聯联繫系絡络電电號号碼码週周" +
	"禮礼節节飲饮飯饭麵面雞鸡魚鱼鹽盐醬酱湯汤類类種种樣样裡里裏里邊边層层頭头陽阳陰阴風风雲云氣气熱热濕湿涼凉淨净滅灭燒烧煙烟鐵铁銀银銷销鎖锁錯错鐘钟" +
	"鏡镜針针點点黨党強强彈弹復复徵征憶忆懷怀戶户搶抢換换損损擺摆擠挤擴扩擇择擔担擬拟攤摊敗败敘叙斷断舊旧晉晋暫暂曉晓書书極极構构標标樓楼樹树橋桥機机" +
	"檔档櫃柜權权歡欢歐欧歸归殘残毀毁氫氢決决況况準准溫温滬沪漢汉灣湾爭争牆墙獎奖獲获環环畫画異异當当療疗盡尽監监盤盘眾众穩稳競竞筆笔範范築筑簡简簽签" +
	"籃篮糧粮約约級级紅红純纯紙纸細细終终組组結结絕绝統统維维網网綠绿緊紧緒绪線线締缔編编緩缓練练縣县縮缩績绩織织繳缴繼继續续罰罚職职聽听聲声脫脱膠胶" +
	"臨临舉举舖铺艙舱藝艺藥药蘭兰蟲虫補补裝装製制複复規规視视覺觉覽览訪访評评試试詳详誠诚誤误調调談谈證证譯译護护讀读變变豐丰負负財财貢贡貧贫責责貸贷" +
	"費费貼贴貿贸資资賞赏賠赔賬账質质趕赶輕轻輪轮輸输辦办連连遊游遠远適适選选邏逻郵邮鄉乡醫医釋释釣钓鋪铺鋼钢鎮镇隊队階阶際际陸陆險险隨随隱隐離离難难" +
	"靈灵靜静韓韩頁页項项順顺預预領领頻频顆颗額额顧顾顯显飛飞館馆駐驻驗验驚惊體体髮发鬧闹麗丽麥麦黃黄齊齐齡龄圓圆塊块貳贰兩两農农曆历餘余參叁圖图濟济" +
	"齒齿燈灯優优"

var replacer = func() *strings.Replacer {
	var list []string
	runes := []rune(pairs)
	for i := 0; i+1 < len(runes); i += 2 {
		list = append(list, string(runes[i]), string(runes[i+1]))
	}
	return strings.NewReplacer(list...)
}()

// Simplified is a text in simplified characters.
func Simplified(s string) string { return replacer.Replace(s) }
