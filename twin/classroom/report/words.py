"""What a report says of itself: where each figure comes from, and what it does not certify."""

from __future__ import annotations

from twin.formula.document import Sentence

MODES = {
    "guided": Sentence(en="guided", zh="引导"),
    "practice": Sentence(en="practice", zh="练习"),
    "exam": Sentence(en="exam", zh="考试"),
}
#: What is not certified.
LIMITS = [
    Sentence(
        en="It is no licence and no permit to work. Who may operate a station, and with what electrical or other "
        "certificates, is for the law and the employer to say.",
        zh="本报告不是上岗证或作业许可。谁可以操作换电站、需持有何种电工或其他证书，由法规和用人单位决定。",
    ),
    Sentence(
        en="Everything was done in a simulation with a mouse, a touch screen or keys. Work on real equipment was not "
        "seen: protective equipment, tools, absence of voltage, locks and tags by hand, lifting gear, fire fighting, "
        "first aid.",
        zh="全部操作均在仿真中以鼠标、触摸屏或键盘完成。未考核真实设备上的作业：防护用品、工器具、验电、"
        "现场挂牌上锁、起重机具、消防与急救。",
    ),
    Sentence(
        en="The station is SwapTwin's model with estimated numbers, not the one that somebody works at, unless its "
        "files say so.",
        zh="除非设备文件另有说明，仿真站为 SwapTwin 的估算模型，并非学员实际工作的换电站。",
    ),
    Sentence(
        en="One passed exam of one lesson shows a competency, in the situation of that lesson. Other faults and other "
        "lessons that train it were not asked for.",
        zh="一次课程考试通过即视为具备该能力，仅限该课程的情境；未要求通过其他故障或其他相关课程。",
    ),
    Sentence(
        en="Who sat at the screen is known from a staff number and a code, and from the instructor who confirmed it.",
        zh="操作者身份依据工号与登录码，并由教员确认。",
    ),
    Sentence(
        en="The sessions were scored again, not run again: “swaptwin score SESSION --verify” does that. A session "
        "without the class's signature could have been made by somebody else with the same program.",
        zh="会话仅重新评分，未重新运行：可用 “swaptwin score SESSION --verify” 复核。"
        "没有班级签名的会话可能由他人用同一程序生成。",
    ),
]  # fmt: skip
#: A figure, and where it comes from.
SOURCES = [
    (
        Sentence(en="Score, passed", zh="得分、是否通过"),
        Sentence(
            en="computed for this report from the session's Record alone (docs/score.md); “swaptwin score SESSION” "
            "shows every point",
            zh="由本次报告仅依据会话记录计算（docs/score.md）；“swaptwin score SESSION” 可列出每一分",
        ),
    ),
    (
        Sentence(en="Pass mark, competencies", zh="及格线、能力"),
        Sentence(
            en="from the lesson that the Record carries; its digest is that of the lesson's text",
            zh="取自记录所附的课程；课程摘要为课程文本的摘要",
        ),
    ),
    (
        Sentence(en="Date, attempt, seed, version", zh="日期、次数、种子、版本"),
        Sentence(
            en="as the Record has them; the date is by the clock of the computer that ran it",
            zh="取自记录；日期为运行该会话的计算机时钟",
        ),
    ),
    (
        Sentence(en="Digest", zh="摘要"),
        Sentence(
            en="SHA-256 of the session's file, computed for this report; “sha256sum SESSION” gives the same",
            zh="会话文件的 SHA-256，为本报告计算；“sha256sum SESSION” 结果相同",
        ),
    ),
    (
        Sentence(en="Confirmation, observations, messages, faults given", zh="教员确认、观察、提示、注入故障"),
        Sentence(
            en="what the instructor wrote and did while the session ran: events in the Record",
            zh="会话运行期间教员的记录与操作：记录中的事件",
        ),
    ),
    (
        Sentence(en="Valid until", zh="有效期至"),
        Sentence(
            en="date of the latest exam that shows the competency, and the months that were chosen for this report "
            "(“--valid-months”); no standard stands behind that number",
            zh="证明该能力的最近一次考试日期加上本报告选定的月数（“--valid-months”）；该月数并非来自任何标准",
        ),
    ),
    (
        Sentence(en="Competency shown", zh="具备能力"),
        Sentence(
            en="an exam of a lesson that trains it was passed, by that person and no script, its file is closed, and "
            "an instructor confirmed it; where the class's key is given, its signature holds too",
            zh="通过了涵盖该能力的课程考试，由本人而非脚本完成，记录文件完整，并经教员确认；提供班级密钥时签名也须有效",
        ),
    ),
]  # fmt: skip
