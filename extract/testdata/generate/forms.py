"""The forms as the notices print them, typed from 国办公开办函〔2019〕60号 (C),
〔2021〕30号 (D) and 国办发〔2014〕32号 (B): label, metric, heading of the group.
They are typed a second time here, on purpose: the truth of the corpus must not
come from the codebook that it tests."""

APPLICANTS = ["natural_person", "org_enterprise", "org_research", "org_public_welfare",
              "org_legal_service", "org_other", "total"]
APPLICANT_LABELS = ["自然人", "商业企业", "科研机构", "社会公益组织", "法律服务机构", "其他", "总计"]

DENIED, UNAVAIL, NOTPROC, OTHER = "（三）不予公开", "（四）无法提供", "（五）不予处理", "（六）其他处理"

_HEAD = [
    (None, "一、本年新收政府信息公开申请数量", "app_new"),
    (None, "二、上年结转政府信息公开申请数量", "app_carried_in"),
    ("", "（一）予以公开", "out_granted"),
    ("", "（二）部分公开（区分处理的，只计这一情形，不计其他情形）", "out_partial"),
    (DENIED, "1.属于国家秘密", "out_denied_state_secret"),
    (DENIED, "2.其他法律行政法规禁止公开", "out_denied_law_prohibited"),
    (DENIED, "3.危及“三安全一稳定”", "out_denied_safety_stability"),
    (DENIED, "4.保护第三方合法权益", "out_denied_third_party"),
    (DENIED, "5.属于三类内部事务信息", "out_denied_internal_affairs"),
    (DENIED, "6.属于四类过程性信息", "out_denied_process_info"),
    (DENIED, "7.属于行政执法案卷", "out_denied_enforcement_file"),
    (DENIED, "8.属于行政查询事项", "out_denied_admin_query"),
    (UNAVAIL, "1.本机关不掌握相关政府信息", "out_unavail_not_held"),
    (UNAVAIL, "2.没有现成信息需要另行制作", "out_unavail_needs_creation"),
    (UNAVAIL, "3.补正后申请内容仍不明确", "out_unavail_unclear"),
    (NOTPROC, "1.信访举报投诉类申请", "out_notproc_petition"),
    (NOTPROC, "2.重复申请", "out_notproc_duplicate"),
    (NOTPROC, "3.要求提供公开出版物", "out_notproc_publication"),
    (NOTPROC, "4.无正当理由大量反复申请", "out_notproc_excessive"),
    (NOTPROC, "5.要求行政机关确认或重新出具已获取信息", "out_notproc_confirm_reissue"),
]
_OTHER_D = [
    (OTHER, "1.申请人无正当理由逾期不补正、行政机关不再处理其政府信息公开申请", "out_other_overdue_correction"),
    (OTHER, "2.申请人逾期未按收费通知要求缴纳费用、行政机关不再处理其政府信息公开申请", "out_other_overdue_fee"),
    (OTHER, "3.其他", "out_other_misc"),
]
_FOOT = [
    ("", "（七）总计", "app_closed_total"),
    (None, "四、结转下年度继续办理", "app_carried_out"),
]
# group: None spans all three label columns, "" stands beside 三、本年度办理结果 alone.
T3 = {"C": _HEAD + [("", "（六）其他处理", "out_other")] + _FOOT, "D": _HEAD + _OTHER_D + _FOOT}

T4_HEADS = ["结果维持", "结果纠正", "其他结果", "尚未审结", "总计"]
T4 = [g + r for g in ("rev_", "lit_direct_", "lit_post_") for r in ("upheld", "corrected", "other", "pending", "total")]

# 第二十条 item, headings, rows of (label, metrics)
T2 = {
    "D": [
        ("第二十条第（一）项", ["本年制发件数", "本年废止件数", "现行有效件数"],
         [("规章", ["rules_issued", "rules_repealed", "rules_in_force"]),
          ("行政规范性文件", ["normdocs_issued", "normdocs_repealed", "normdocs_in_force"])]),
        ("第二十条第（五）项", ["本年处理决定数量"], [("行政许可", ["permit_decisions"])]),
        ("第二十条第（六）项", ["本年处理决定数量"],
         [("行政处罚", ["penalty_decisions"]), ("行政强制", ["coercion_decisions"])]),
        ("第二十条第（八）项", ["本年收费金额（单位：万元）"], [("行政事业性收费", ["fee_amount_wanyuan"])]),
    ],
    "C": [
        ("第二十条第（一）项", ["本年新制作数量", "本年新公开数量", "对外公开总数量"],
         [("规章", ["rules_issued", "rules_newly_published", "rules_published_total"]),
          ("规范性文件", ["normdocs_issued", "normdocs_newly_published", "normdocs_published_total"])]),
        ("第二十条第（五）项", ["上一年项目数量", "本年增/减", "处理决定数量"],
         [("行政许可", ["permit_items_prev", "permit_items_delta", "permit_decisions"]),
          ("其他对外管理服务事项", ["othersvc_items_prev", "othersvc_items_delta", "othersvc_decisions"])]),
        ("第二十条第（六）项", ["上一年项目数量", "本年增/减", "处理决定数量"],
         [("行政处罚", ["penalty_items_prev", "penalty_items_delta", "penalty_decisions"]),
          ("行政强制", ["coercion_items_prev", "coercion_items_delta", "coercion_decisions"])]),
        ("第二十条第（八）项", ["上一年项目数量", "本年增/减"], [("行政事业性收费", ["fee_items_prev", "fee_items_delta"])]),
        ("第二十条第（九）项", ["采购项目数量", "采购总金额"], [("政府集中采购", ["procurement_projects", "procurement_amount_wanyuan"])]),
    ],
}

# 32号 statistical table: label, unit, metric ("" is a heading row without a number)
B = [
    ("一、主动公开情况", "——", ""),
    ("（一）主动公开政府信息数（不同渠道和方式公开相同信息计1条）", "条", "disc_total"),
    ("其中：主动公开规范性文件数", "条", "disc_normdocs"),
    ("制发规范性文件总数", "件", "normdocs_issued"),
    ("（二）通过不同渠道和方式公开政府信息的情况", "——", ""),
    ("1.政府公报公开政府信息数", "条", "disc_gazette"),
    ("2.政府网站公开政府信息数", "条", "disc_website"),
    ("3.政务微博公开政府信息数", "条", "disc_weibo"),
    ("4.政务微信公开政府信息数", "条", "disc_wechat"),
    ("5.其他方式公开政府信息数", "条", "disc_other"),
    ("二、回应解读情况", "——", ""),
    ("（一）回应公众关注热点或重大舆情数（不同方式回应同一热点或舆情计1次）", "次", "resp_hot_topics"),
    ("（二）通过不同渠道和方式回应解读的情况", "——", ""),
    ("1.参加或举办新闻发布会总次数", "次", "resp_press_total"),
    ("其中：主要负责同志参加新闻发布会次数", "次", "resp_press_principal"),
    ("2.政府网站在线访谈次数", "次", "resp_interview_total"),
    ("其中：主要负责同志参加政府网站在线访谈次数", "次", "resp_interview_principal"),
    ("3.政策解读稿件发布数", "篇", "resp_explainers"),
    ("4.微博微信回应事件数", "次", "resp_weibo_wechat"),
    ("5.其他方式回应事件数", "次", "resp_other"),
    ("三、依申请公开情况", "——", ""),
    ("（一）收到申请数", "件", "app_new"),
    ("1.当面申请数", "件", "app_channel_in_person"),
    ("2.传真申请数", "件", "app_channel_fax"),
    ("3.网络申请数", "件", "app_channel_online"),
    ("4.信函申请数", "件", "app_channel_letter"),
    ("（二）申请办结数", "件", "app_finished"),
    ("1.按时办结数", "件", "app_finished_on_time"),
    ("2.延期办结数", "件", "app_finished_extended"),
    ("（三）申请答复数", "件", "app_replied"),
    ("1.属于已主动公开范围数", "件", "out_already_public"),
    ("2.同意公开答复数", "件", "out_agreed"),
    ("3.同意部分公开答复数", "件", "out_partial"),
    ("4.不同意公开答复数", "件", "out_denied"),
    ("其中：涉及国家秘密", "件", "out_denied_state_secret"),
    ("涉及商业秘密", "件", "out_denied_trade_secret"),
    ("涉及个人隐私", "件", "out_denied_privacy"),
    ("危及国家安全、公共安全、经济安全和社会稳定", "件", "out_denied_safety_stability"),
    ("不是《条例》所指政府信息", "件", "out_denied_not_gov_info"),
    ("法律法规规定的其他情形", "件", "out_denied_other_law"),
    ("5.不属于本行政机关公开数", "件", "out_not_this_agency"),
    ("6.申请信息不存在数", "件", "out_info_not_exist"),
    ("7.告知作出更改补充数", "件", "out_told_amend"),
    ("8.告知通过其他途径办理数", "件", "out_told_other_channel"),
    ("四、行政复议数量", "件", "rev_total"),
    ("（一）维持具体行政行为数", "件", "rev_upheld"),
    ("（二）被依法纠错数", "件", "rev_corrected"),
    ("（三）其他情形数", "件", "rev_other"),
    ("五、行政诉讼数量", "件", "lit_total"),
    ("（一）维持具体行政行为或者驳回原告诉讼请求数", "件", "lit_upheld"),
    ("（二）被依法纠错数", "件", "lit_corrected"),
    ("（三）其他情形数", "件", "lit_other"),
    ("六、举报投诉数量", "件", "complaint_total"),
    ("七、依申请公开信息收取的费用", "万元", "app_fee_wanyuan"),
    ("八、机构建设和保障经费情况", "——", ""),
    ("（一）政府信息公开工作专门机构数", "个", "org_units"),
    ("（二）设置政府信息公开查阅点数", "个", "org_reading_points"),
    ("（三）从事政府信息公开工作人员数", "人", "staff_total"),
    ("1.专职人员数（不包括政府公报及政府网站工作人员数）", "人", "staff_full_time"),
    ("2.兼职人员数", "人", "staff_part_time"),
    ("（四）政府信息公开专项经费（不包括用于政府公报编辑管理及政府网站建设维护等方面的经费）", "万元", "budget_wanyuan"),
    ("九、政府信息公开会议和培训情况", "——", ""),
    ("（一）召开政府信息公开工作会议或专题会议数", "次", "meeting_count"),
    ("（二）举办各类培训班数", "次", "training_sessions"),
    ("（三）接受培训人员数", "人次", "training_participants"),
]

# Local form of 定西 and 上海 (2008): code, label, unit, metric (* = no id: unmapped)
A = [
    ("01", "主动公开信息数", "条", "disc_total"), ("02", "其中：全文电子化的主动公开信息数", "条", "*"),
    ("03", "新增的行政规范性文件数", "条", "normdocs_issued"), ("04", "提供服务类信息数", "条", "*"),
    ("05", "网站专栏页面访问量", "人次", "*"), ("06", "现场接待人数", "人次", "*"), ("07", "网上咨询数", "人次", "*"),
    ("08", "咨询电话接听数", "人次", "*"), ("09", "依申请公开信息目录数", "条", "*"), ("10", "申请总数", "条", "app_new"),
    ("11", "1.当面申请数", "条", "app_channel_in_person"), ("12", "2.传真申请数", "条", "app_channel_fax"),
    ("13", "3.电子邮件申请数", "条", "app_channel_email"), ("14", "4.网上申请数", "条", "app_channel_online"),
    ("15", "5.信函申请数", "条", "app_channel_letter"), ("16", "6.其他形式申请数", "条", "app_channel_other"),
    ("17", "对申请的答复总数", "条", "app_replied"), ("18", "1.同意公开答复数", "条", "out_agreed"),
    ("19", "2.同意部分公开答复数", "条", "out_partial"), ("20", "3.否决公开答复总数", "条", "out_denied"),
    ("21", "(1)“非《规定》所指政府信息”数", "条", "out_denied_not_gov_info"), ("22", "(2)“信息不存在”数", "条", "out_info_not_exist"),
    ("23", "(3)“非本部门掌握”数", "条", "out_not_this_agency"), ("24", "(4)“申请内容不明确”数", "条", "out_a_content_unclear"),
    ("25", "(5)“免予公开范围1”数", "条", "out_denied_state_secret"), ("26", "(6)“免予公开范围2”数", "条", "out_denied_trade_secret"),
    ("27", "(7)“免予公开范围3”数", "条", "out_denied_privacy"), ("28", "(8)“免予公开范围4”数", "条", "out_a_denied_internal"),
    ("29", "(9)“免予公开范围5”数", "条", "out_a_denied_process"), ("30", "(10)“免予公开范围6”数", "条", "out_a_denied_enforcement"),
    ("31", "(11)其它原因", "条", "*"), ("32", "行政复议数", "件", "rev_total"), ("33", "行政诉讼数", "件", "lit_total"),
    ("34", "行政申诉数", "件", "appeal_total"),
]

# Fujian short form: label, metric
FUJIAN = [
    ("主动公开文件数", "disc_total"), ("其中：1.政府网站公开数", "disc_website"), ("2.政府公报公开数", "disc_gazette"),
    ("受理依申请公开信息总数", "app_new"), ("其中：1.当面申请数", "app_channel_in_person"), ("2.网上申请数", "app_channel_online"),
    ("3.信函、传真申请数", "*"), ("对申请的答复总数", "app_replied"), ("其中：1.同意公开答复数", "out_agreed"),
    ("2.同意部分公开答复数", "out_partial"), ("3.不予公开答复数", "out_denied"), ("4.其他类型答复数", "*"),
    ("接受行政诉讼、举报数", "*"), ("行政复议数", "rev_total"), ("行政诉讼数", "lit_total"),
]
