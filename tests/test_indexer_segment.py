"""Are words cut exactly as pyvi cuts them, at the right places, without loading what pyvi loads?"""

import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise

import pytest
from pyvi import ViTokenizer

from indexer.language.fold import modern
from indexer.language.segment import Span, segment, spans

SENTENCES = """
Sở Xây dựng tỉnh Lạng Sơn tổ chức hội nghị tổng kết công tác năm 2023 và triển khai nhiệm vụ năm 2024.
Chiều ngày 30 tháng 01 năm 2024, Giám đốc Sở chủ trì cuộc họp về nhà ở xã hội.
Ủy ban nhân dân tỉnh ban hành Quyết định số 788/QĐ-UBND ngày 15/5/2023.
Uỷ ban nhân dân thành phố Lạng Sơn phê duyệt quy hoạch chi tiết tỷ lệ 1/500.
Nghị định 15/2021/NĐ-CP quy định chi tiết một số nội dung về quản lý dự án đầu tư xây dựng.
Thông tư số 13/2019/TT-BXD; QCVN 06:2022/BXD; TCVN 5574:2018.
12, 13 và 14/QĐ-UBND, 1.250/QĐ-UBND, 234/SXD-QLN&TTBĐS
Công bố giá vật liệu xây dựng quý III năm 2024 trên địa bàn tỉnh.
Giá cát nghiền từ đá vôi là 1.250.000 đồng/m³, tăng 12,5% so với quý II.
hòa bình và khỏe mạnh, thủy lợi, tòa nhà, qúy khách
Hòa Bình, Thanh Hóa, Thừa Thiên Huế, Bà Rịa - Vũng Tàu
SỞ XÂY DỰNG TỈNH LẠNG SƠN TỔ CHỨC HỘI NGHỊ CÁN BỘ, CÔNG CHỨC
TỔNG KẾT CÔNG TÁC NĂM 2023
THÔNG BÁO về việc cấp Giấy phép xây dựng số 12/GPXD-SXD
Kính gửi: UBND các huyện, thành phố; các phòng, ban, đơn vị trực thuộc.
Nơi nhận: - Như trên; - Lưu: VT, QLXD.
Đồng chí Lương Văn A, Phó Giám đốc Sở, phát biểu khai mạc.
TP. Hồ Chí Minh, Tp. Hà Nội, TT. Cao Lộc, Q.1, P.Bến Nghé
Mr. Smith và ThS. Nguyễn Văn B gặp Dr. Lee
The Department of Construction of Lang Son Province held its year-end conference.
Social housing projects will be inspected in September 2024.
Dự án Green City do công ty Lang Son Construction JSC làm chủ đầu tư.
Xem thêm tại https://soxd.example.vn/tin-tuc?id=12&p=3 hoặc http://example.vn
Liên hệ: van_phong.so@example.gov.vn, điện thoại 0205.3812.345
Thời tiết hôm nay 25-30 độ C, mưa rào và dông vài nơi
Tốc độ 100km/h, dài 2.5km, rộng 7,5m, diện tích 120m2
5 giờ 30 phút ngày 1/1/2020
1 2 3 4 5
1.000.000 - 2.500.000
50%
a
ở
.
...
?!
( )
"Nhà ở xã hội" là gì?
“Trích dẫn” ‘lồng nhau’ và «ngoặc kép»
Kết quả ==> đạt -> tốt >> xong...
😀 Chúc mừng năm mới 🎉🎉 tới toàn thể cán bộ
C++ và C# đều là ngôn ngữ lập trình; email@a.b
hội_nghị tổng_kết có_dấu gạch dưới _ ở giữa
an toàn lao động, phòng cháy chữa cháy, vệ sinh môi trường
Bê tông cốt thép dự ứng lực, gạch không nung, xi măng poóc lăng
cấp giấy phép xây dựng nhà ở riêng lẻ tại đô thị
xử phạt vi phạm hành chính trong lĩnh vực xây dựng
đường giao thông nông thôn mới kiểu mẫu
thanh tra, kiểm tra việc chấp hành pháp luật về xây dựng
chứng chỉ hành nghề hoạt động xây dựng
kinh doanh bất động sản, thị trường bất động sản
quản lý chất lượng công trình xây dựng
khu công nghiệp Hữu Lũng và khu kinh tế cửa khẩu Đồng Đăng
cap phep xay dung nha o rieng le
nha o xa hoi lang son
Học sinh học sinh học.
Ông già đi nhanh quá
Nước ta có bốn mùa xuân hạ thu đông
Cô ấy nói: “Tôi đi đây!” rồi bước ra cửa.
Anh em ruột thịt, vợ chồng con cái, ông bà cha mẹ
Hội đồng nhân dân tỉnh khóa XVII, nhiệm kỳ 2021-2026, kỳ họp thứ mười
Đảng ủy, Công đoàn, Đoàn Thanh niên Cộng sản Hồ Chí Minh
Covid-19, H5N1, G7, ASEAN và WTO
Điểm a khoản 2 Điều 5 Luật Nhà ở số 27/2023/QH15
Căn cứ Luật Xây dựng ngày 18 tháng 6 năm 2014
V/v: trả lời kiến nghị của cử tri
Đ/c Nguyễn Văn C - Trưởng phòng QLN&TTBĐS
Ắc quy, xích lô, xe máy, ô tô tải
İstanbul ΣΑΣ ß ŉ ǆ и русский 中文
m² m³ ½ ² ①② Ⅷ
""".strip().split("\n")  # fmt: skip


@pytest.mark.parametrize("sentence", SENTENCES)
def test_words_are_those_of_pyvi(sentence: str) -> None:
    assert " ".join(segment(sentence)) == ViTokenizer.tokenize(modern(sentence))


@pytest.mark.parametrize("sentence", SENTENCES)
def test_each_span_covers_its_word_in_the_text_as_given(sentence: str) -> None:
    covered = [modern(sentence[start:end]) for start, end in spans(sentence)]
    words = [word.replace("_", "") for word in segment(sentence)]
    assert [re.sub("[ _]", "", word) for word in covered] == words


@pytest.mark.parametrize("sentence", SENTENCES)
def test_spans_follow_each_other_and_leave_out_only_blanks(sentence: str) -> None:
    left_out = list(sentence)
    for start, end in spans(sentence):
        left_out[start:end] = [" "] * (end - start)
    assert "".join(left_out).strip() == ""
    assert all(one.end <= other.start for one, other in pairwise(spans(sentence)))


def test_old_style_spelling_is_cut_like_the_new_and_shown_as_written() -> None:
    text = "Tỉnh ủy mong muốn hòa bình"
    assert [text[start:end] for start, end in spans(text)] == ["Tỉnh ủy", "mong muốn", "hòa bình"]
    assert segment(text) == ["Tỉnh_uỷ", "mong_muốn", "hoà_bình"]


def test_each_line_is_cut_for_itself() -> None:
    assert spans("xây dựng\n\ntổ chức") == [Span(0, 8), Span(10, 17)]
    assert segment("xây\ndựng") == ["xây", "dựng"]


@pytest.mark.parametrize("text", ["", " ", "\n", " \n "])
def test_text_without_words_has_none(text: str) -> None:
    assert spans(text) == []
    assert segment(text) == []


def run(program: str) -> str:
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def test_neither_pyvi_nor_scikit_learn_is_loaded() -> None:
    program = """
import sys
from indexer.language import crf, segment
before = crf.crf.cache_info().currsize
words = segment.segment("xây dựng")
print(before, len(words), [name for name in ("sklearn", "scipy", "pyvi") if name in sys.modules])
"""
    assert run(program) == "0 1 []"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")
def test_a_fork_goes_on_cutting_in_parent_and_child() -> None:
    program = """
import os, threading
from indexer.language.segment import segment
busy = threading.Thread(target=lambda: [segment("nhà ở xã hội") for _ in range(500)])
busy.start()
child = os.fork()
if not child:
    os._exit(0 if segment("xây dựng") == ["xây_dựng"] else 1)
status = os.waitpid(child, 0)[1]
busy.join()
print(status, segment("xây dựng"))
"""
    assert run(program) == "0 ['xây_dựng']"


def test_threads_do_not_disturb_each_other() -> None:
    alone = [segment(sentence) for sentence in SENTENCES]
    with ThreadPoolExecutor(8) as threads:
        together = list(threads.map(segment, SENTENCES * 20))
    assert together == alone * 20
