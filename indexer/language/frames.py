"""Which words of a question are only its frame?  They help the order of answers and are never required."""

# The published list of English function words; each is still searched, none is left out of the index.
ENGLISH_FUNCTION_WORDS = frozenset(
    """a about above after all also an and any are as at be been before between but by can could did do does during each
    for from had has have he her his how i if in into is it its may me more most my no nor not of off on once only or
    other our out over own she should so some such than that the their them then there these they this those through to
    too under until up upon very was we were what when where which while who whom whose why will with within would you
    your
    s t d ll m re ve didn doesn don isn wasn aren weren hasn haven hadn won wouldn couldn shouldn am being were does
    doing having shall must might let""".split()
)
# Vietnamese question frames, at the start or the end of a question, the longer ones first.
QUESTION_FRAMES = (
    "gồm những gì",
    "bao gồm những gì",
    "như thế nào",
    "được quy định như thế nào",
    "là như thế nào",
    "có phải",
    "có phải là",
    "làm sao để",
    "làm thế nào để",
    "làm thế nào",
    "tại sao",
    "vì sao",
    "khi nào",
    "bao giờ",
    "bao lâu",
    "bao nhiêu",
    "là bao nhiêu",
    "những gì",
    "cái gì",
    "thế nào",
    "ở đâu",
    "là ai",
    "là gì",
    "hay không",
    "không ạ",
    "cho hỏi",
    "xin hỏi",
)
