"""Made-up people: common surnames, common characters of given names, put together by chance."""

from __future__ import annotations

from xlbangfu.sample.chance import Chance

_SURNAMES: tuple[str, ...] = (
    *("王李张刘陈" * 6),
    *("杨黄赵吴周徐孙马朱胡" * 3),
    *("郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾萧田董" * 2),
    *"潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金韦贾夏付方邹熊白孟秦邱江尹薛阎段雷侯龙史黎贺顾毛郝龚邵",
)
_MIDDLE = "子梓雨思佳嘉俊家宇欣诗若语浩明晓文志建春海景书一可心逸新永立振国玉婉秀云启承继泽沐"
_BOYS = "轩涵豪杰辰昊然宁航博睿鑫凯瑞阳毅峰伟强磊涛鹏斌勇军恒川岩松林柏舟衡诚"
_GIRLS = "怡彤琪萱妍婷雯雪莹洁颖慧敏静芳兰梅荷薇蓉菲璇瑶岚霞燕玲娟媛蕾晴禾苗"


def full_name(chance: Chance, sex: str) -> str:
    """A name of three characters that suits 男 or 女."""
    return chance.pick(_SURNAMES) + chance.pick(_MIDDLE) + chance.pick(_BOYS if sex == "男" else _GIRLS)
