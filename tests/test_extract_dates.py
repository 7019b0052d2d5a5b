"""On which day was it signed? Short news texts of the project's own making, in every language, with days of many kinds in many places."""
from __future__ import annotations

import datetime

import pytest

from graph_builder.extract import Gazetteer, dates, draft, languages
from graph_builder.extract.texts import Document

STATES = {"kazakhstan": "KAZ", "uzbekistan": "UZB", "kyrgyzstan": "KGZ", "tajikistan": "TJK", "turkmenistan": "TKM"}
PEOPLE = {"Kassym-Jomart Tokayev": "kazakhstan", "Shavkat Mirziyoyev": "uzbekistan", "Sadyr Japarov": "kyrgyzstan", "Emomali Rahmon": "tajikistan"}

# a text, and for a piece of each title the day that the text gives for the signature (None: it gives none)
TEXTS: dict[str, list[tuple[str, dict[str, str | None]]]] = {
    "ru": [
        ("Главная\n"
         "Новости\n"
         "12.05.2023 14:20\n"
         "Министры подписали документы в Алматы\n"
         "\n"
         "Министры транспорта Казахстана и Узбекистана Марат Карабаев и Ильхом Махкамов подписали в Алматы соглашение о международных автомобильных "
         "перевозках. Встреча прошла 11 мая на полях транспортного форума.", {"автомобильных": "2023-05-11"}),
        ("Договор между Узбекистаном и Таджикистаном о союзнических отношениях стороны подписали еще в апреле. В сентябре министры обсудили его выполнение; "
         "встреча прошла 5 сентября.", {"союзнических": None}),
        ("По случаю 30-летия дипломатических отношений 26 ноября в Ташкенте открылась выставка. На ней показан Меморандум о культурном сотрудничестве между "
         "Узбекистаном и Таджикистаном, заключенный в 2017 году.", {"культурном": "2017"}),
        ("Президенты Кыргызстана и Таджикистана встретились 13 марта в Бишкеке. Главным итогом встречи стал Договор о государственной границе: его подписали "
         "после переговоров. Договор вступит в силу после ратификации.", {"границе": "--03-13"}),
        ("2024-11-15 | Новости\n"
         "В среду Узбекистан и Кыргызстан подписали в Оше меморандум о развитии туризма.", {"туризма": "2024-11-13"}),
        ("Министр сообщил 8 июля, что Казахстан и Таджикистан подписали соглашение о трудовой миграции.", {"трудовой": None}),
        ("26 ноября в Бишкеке начинается двухдневный визит президента Узбекистана. Как ожидается, Кыргызстан и Узбекистан подпишут Меморандум о сотрудничестве"
         " в области энергетики. В прошлом году стороны заключили соглашение о поставках электроэнергии.", {"энергетики": None}),
        ("Кабинет министров утвердил 3 февраля Соглашение между Кыргызстаном и Казахстаном о порядке пребывания граждан. Документ был подписан 11 октября 2022"
         " года в Бишкеке. Оно вступит в силу через 30 дней после обмена уведомлениями.", {"пребывания": "2022-10-11"}),
        ("Подписан меморандум между Узбекистаном и Туркменистаном о поставках газа. Подписание состоялось 20 июля в Аркадаге в присутствии министров двух "
         "стран. Новый объем поставок составит 2 млрд кубометров. В 2021 году стороны поставили 1 млрд.", {"газа": "--07-20"}),
        ("Президенты Казахстана и Туркменистана в понедельник провели переговоры в Астане. Подписано совместное заявление по итогам визита. Касым-Жомарт "
         "Токаев и Сердар Бердымухамедов также обсудили газ. Предыдущая встреча лидеров прошла 10 октября 2023 года.", {"совместное заявление": None}),
        ("Шавкат Мирзиёев 8 июня поздравил коллегу. Между Узбекистаном и Таджикистаном подписан Договор о союзнических отношениях, отметил он.",
         {"союзнических": None}),
        ("Премьер-министры Казахстана и Узбекистана 24 ноября открыли в Самарканде форум. В рамках форума стороны подписали Соглашение об индустриальной "
         "кооперации. Объем торговли в 2022 году достиг 5 млрд долларов, к 2030 году его доведут до 10 млрд.", {"индустриальной": "--11-24"}),
        ("Парламент Таджикистана 26 марта ратифицировал Договор о государственной границе с Кыргызстаном. Подписи под документом президенты Эмомали Рахмон и "
         "Садыр Жапаров поставили двумя неделями ранее, 13 марта, в Бишкеке.", {"границе": "--03-13"}),
        ("Договорно-правовая база\n"
         "– 31 октября 1998 г. – Договор о вечной дружбе между Казахстаном и Узбекистаном;\n"
         "– 14 июня 2013 г. – Договор о стратегическом партнерстве между Казахстаном и Узбекистаном.",
         {"вечной": "1998-10-31", "стратегическом": "2013-06-14"}),
        ("Токаев и Мирзиёев подписали Договор о союзнических отношениях\n"
         "\n"
         "22 декабря 2022, 15:40\n"
         "Ташкент. В рамках государственного визита Президента Казахстана в Узбекистан подписан Договор о союзнических отношениях между Казахстаном и "
         "Узбекистаном. Президенты также открыли памятник.", {"союзнических": None}),
        ("Глава МИД Таджикистана 2 февраля провел в Бишкеке встречу с коллегой. Стороны обсудили выполнение Соглашения между Кыргызстаном и Таджикистаном о "
         "строительстве дорог, подписанного в прошлом году. Следующая встреча пройдет в марте.", {"дорог": None}),
        ("Соглашение об общем рынке электроэнергии страны Центральной Азии готовят давно. Казахстан и Узбекистан подписали меморандум о развитии электросетей "
         "7 июля 2023 года на выставке в Ташкенте.", {"электросетей": "2023-07-07"}),
        ("В Худжанде 31 марта открыли стелу дружбы. До церемонии президенты Кыргызстана, Таджикистана и Узбекистана подписали Договор о точке стыка "
         "государственных границ и Худжандскую декларацию о вечной дружбе.", {"точке": "--03-31", "декларацию": "--03-31"}),
        ("По данным МИД, с 1992 года Казахстан и Туркменистан заключили более 100 документов. Основной из них – Договор о стратегическом партнерстве между "
         "Казахстаном и Туркменистаном, подписан 18 апреля 2017 года.", {"стратегическом": "2017-04-18"}),
        ("Президент Узбекистана 1 июля подписал постановление, которым утверждено Соглашение между Узбекистаном и Казахстаном о взаимном признании документов "
         "(Астана, 6 декабря 2021 года).", {"признании": "2021-12-06"}),
        ("Протокол о внесении изменений в Соглашение между Казахстаном и Кыргызстаном о пунктах пропуска от 25 декабря 2003 года министры подписали 8 ноября "
         "2023 года.", {"Протокол": "2023-11-08"}),
        ("Как сообщили 5 апреля в Минэнерго, 4 апреля в Ташкенте министры Узбекистана, Казахстана и Кыргызстана подписали дорожную карту по строительству "
         "Камбаратинской ГЭС-1.", {"дорожную": "--04-04"}),
        ("Новости Казахстана\n"
         "Вторник, 5 августа 2025\n"
         "Фото: пресс-служба\n"
         "Казахстан и Туркменистан подписали соглашение о сотрудничестве в нефтегазовой сфере. Встреча министров состоялась накануне в Авазе. Соглашение "
         "рассчитано до 2030 года.", {"нефтегазовой": None}),
        ("Касым-Жомарт Токаев ратифицировал Договор между Казахстаном и Узбекистаном о демаркации государственной границы. Соответствующий закон глава "
         "государства подписал 20 мая 2024 года. Сам документ подписан в Ташкенте 22 декабря 2022 года.", {"демаркации": "2022-12-22"}),
        ("Душанбе. 11 июня. ИНТЕРФАКС - Таджикистан и Узбекистан подписали в пятницу совместное заявление об укреплении стратегического партнерства, передает "
         "корреспондент.", {"совместное": "--06-11"}),
        ("В Алматы прошло заседание комиссии, по его итогам Казахстан и Кыргызстан подписали протокол о торговле. Заседание состоялось 14 февраля, "
         "сопредседателями выступили вице-премьеры. Следующее заседание назначено на март 2026 года.", {"протокол": "--02-14"}),
        ("Договор о дружбе и сотрудничестве в целях развития Центральной Азии в XXI веке был открыт для подписания 21 июля 2022 года в Чолпон-Ате. Тогда его "
         "подписали Казахстан, Кыргызстан и Узбекистан. Таджикистан присоединился 14 сентября 2023 года.", {"дружбе": "2022-07-21"}),
        ("Соглашение между Узбекистаном и Кыргызстаном о совместном управлении Андижанским водохранилищем: история вопроса. Протокол по итогам делимитации "
         "подписали 25 марта 2021 года. 26 сентября 2022 года стороны парафировали соглашение, а 3 ноября 2022 года министры его подписали в Бишкеке.",
         {"Андижанским": "2022-11-03"}),
        ("Мирзиёев и Жапаров 18 июля провели переговоры в Ташкенте. После них подписано 16 документов. В частности:\n"
         "Совместное заявление президентов Узбекистана и Кыргызстана;\n"
         "Соглашение между Узбекистаном и Кыргызстаном о школах;\n"
         "Протокол между Узбекистаном и Кыргызстаном о туризме.", {"Совместное заявление": "--07-18", "школах": "--07-18", "туризме": "--07-18"}),
        ("Соглашение о сотрудничестве в сфере труда между Казахстаном и Узбекистаном будет подписано до конца года, заявил 4 октября министр. Прежнее "
         "соглашение о миграции между Казахстаном и Узбекистаном действует с 28 июля 2000 года.", {"сфере труда": None, "миграции": None}),
        ("АСТАНА, 14 июня 2024 года. Президенты Казахстана и Узбекистана подписали сегодня Договор о водных ресурсах. Церемония прошла в Акорде.",
         {"водных ресурсах": "2024-06-14"}),
        ("Соглашение между Кыргызстаном и Таджикистаном о свободной торговле вступило в силу 1 января 2021 года. Оно было подписано в Душанбе 19 января 2000 "
         "года.", {"Соглашение между": "2000-01-19"}),
        ("В ходе визита 21–22 августа 2024 года президенты Казахстана и Таджикистана подписали Договор о союзнических отношениях.", {"союзнических": None}),
        ("Вчера в Бишкеке Кыргызстан и Узбекистан подписали протокол о сотрудничестве в энергетике. Бишкек, 27 января 2023 года.", {"энергетике": None}),
    ],
    "en": [
        ("The Treaty on the State Border between Kyrgyzstan and Tajikistan, signed on 13 March 2025, was ratified by the Jogorku Kenesh on 19 March 2025.",
         {"State Border": "2025-03-13"}),
        ("On 5-6 August 2024 the president paid a state visit to Astana. During the visit Kazakhstan and Kyrgyzstan signed a memorandum on tourism.",
         {"tourism": None}),
        ("Astana – Deputies of the Majilis passed on 11 March 2026 the bill on the Treaty on Allied Relations between Kazakhstan and Tajikistan. The treaty, "
         "signed in Dushanbe in August 2024, takes ties to a new level.", {"Allied": "2024-08"}),
        ("ASHGABAT, March 6, 2017. Turkmenistan and Uzbekistan signed a treaty on strategic partnership and a memorandum on rail transport.",
         {"strategic": "2017-03-06", "rail": "2017-03-06"}),
        ("By Staff Report\n"
         "ASTANA – Kazakhstan and Uzbekistan signed an agreement on joint management of transboundary water facilities during the second meeting of the "
         "Supreme Interstate Council on Nov. 15, 2025, in Tashkent. The ministers Nurzhan Nurzhigitov and Shavkat Khamraev put their signatures. In 2024, "
         "trade reached $4 billion. Work on the text began in March 2023.", {"transboundary": "2025-11-15"}),
        ("Presidents Sadyr Japarov and Emomali Rahmon on Thursday signed a landmark treaty on the state border. Kyrgyz and Tajik security chiefs had signed "
         "the protocol on border delimitation on February 21. The two countries fought a short war in September 2022. The ceremony took place in Bishkek on "
         "March 13.", {"treaty on the state": "--03-13", "protocol": "--02-21"}),
        ("The Senate of Uzbekistan on Friday backed the law on ratifying the Treaty on Allied Relations with Tajikistan. The document was signed on 18 April "
         "2024 in Dushanbe during the state visit of Shavkat Mirziyoyev. Earlier, on 14 May, the Legislative Chamber approved it.", {"Allied": "2024-04-18"}),
        ("Tashkent hosted the first meeting of the Kazakh-Uzbek council on 22 December. After it the presidents signed the Treaty on Allied Relations. Also "
         "signed were:\n"
         "- an agreement on demarcation of the Kazakh-Uzbek border;\n"
         "- a memorandum on cooperation in science between Kazakhstan and Uzbekistan.", {"Allied": "--12-22", "demarcation": "--12-22", "science": "--12-22"}),
        ("Kyrgyzstan's parliament plans to consider on June 5 the agreement with Kazakhstan on water. The sides initialed nothing yet, officials said. A "
         "similar agreement between Kyrgyzstan and Uzbekistan on the Kempirabad reservoir was signed in November 2022.", {"Kempirabad": "2022-11"}),
        ("Key documents: the Treaty on Eternal Friendship between Kyrgyzstan and Kazakhstan (8 April 1997) and the Treaty on Allied Relations between "
         "Kyrgyzstan and Kazakhstan (25 December 2003).", {"Eternal": "1997-04-08", "Allied": "2003-12-25"}),
        ("KHUJAND, Tajikistan (Agency) – Leaders of Kyrgyzstan, Tajikistan and Uzbekistan on Monday, March 31, signed a treaty on the junction point of their "
         "borders. Kyrgyzstan and Tajikistan had exchanged ratification instruments of their border treaty.", {"junction": "--03-31"}),
        ("Turkmenistan ratified on 8 April the agreement on transit between Turkmenistan and Uzbekistan, which the foreign ministers had signed in Ashgabat "
         "the previous year.", {"transit": None}),
        ("Five years on: in August 2018 Uzbekistan and Tajikistan signed the Treaty on Strategic Partnership. Today trade is ten times larger, the ministry "
         "said on 17 August.", {"Strategic": "2018-08"}),
        ("The Memorandum on Cooperation in Tourism was signed between Kazakhstan and Uzbekistan within the framework of the forum. The forum took place in "
         "Shymkent on 29-30 November.", {"Tourism": None}),
        ("The protocol on amendments to the agreement between Kyrgyzstan and Uzbekistan on mutual travel was signed in Bishkek. Prime ministers Adylbek "
         "Kasymaliev and Abdulla Aripov met there on November 7, 2025, for the council session.", {"protocol": "2025-11-07"}),
        ("Uzbekistan, Kyrgyz Republic agree on travel\n"
         "July 15, 2024\n"
         "The Uzbek and Kyrgyz governments signed a protocol amending the agreement between Uzbekistan and Kyrgyzstan on mutual travel of citizens. The "
         "document was signed in Tashkent on July 13.", {"protocol": "2024-07-13"}),
        ("DUSHANBE (Agency) -- The presidents of Tajikistan and Uzbekistan, Emomali Rahmon and Shavkat Mirziyoyev, signed a treaty on strategic partnership "
         "here on Friday, August 17, 2018, at the end of a state visit that began on August 16.", {"strategic": "2018-08-17"}),
        ("The foreign ministers of Kazakhstan and Turkmenistan held talks in Ashgabat on March 4. A cooperation programme between Kazakhstan and Turkmenistan "
         "for 2025-2026 was signed following the talks.", {"programme": "--03-04"}),
        ("Interview. Q: When will the agreement between Tajikistan and Uzbekistan on dual taxation take effect? A: It was signed on 9 March 2018 and ratified "
         "the same year; since 1 January 2019 it has been applied.", {"dual": "2018-03-09"}),
        ("The Agreement between Kazakhstan and Uzbekistan on Visa-Free Travel (Tashkent, 29 October 2001) was amended by a protocol.", {"Visa": "2001-10-29"}),
        ("Water ministers from Kazakhstan and Kyrgyzstan will meet on 12 May. They intend to sign a memorandum on water sharing between Kazakhstan and "
         "Kyrgyzstan.", {"water sharing": None}),
        ("TASHKENT, 22 December 2022 – Kazakhstan and Uzbekistan signed a treaty on allied relations, the press service said.", {"allied": "2022-12-22"}),
        ("Uzbekistan and Tajikistan marked the 20th anniversary of the Treaty on Eternal Friendship on 15 June 2020 in Dushanbe.", {"Eternal": None}),
        ("The president arrived in Tashkent on 21 December. Kazakhstan and Uzbekistan signed a treaty on allied relations.", {"allied": None}),
        ("The Kazakh senate approved on 6 June 2023 the Treaty on Allied Relations between Kazakhstan and Uzbekistan.", {"Allied": None}),
    ],
    "uz": [
        ("Xabarda aytilishicha, 12-may kuni Senat a’zolari O‘zbekiston va Tojikiston o‘rtasidagi ittifoqchilik munosabatlari to‘g‘risidagi shartnomani "
         "ma’qulladi.", {"ittifoqchilik": None}),
        ("Toshkent, 24-noyabr. O‘zbekiston va Qozog‘iston hukumatlari sanoat kooperatsiyasi to‘g‘risidagi bitimni imzoladi. Marosimda bosh vazirlar ishtirok "
         "etdi. Avvalroq, 5-sentabr kuni tomonlar loyihani kelishib olgan edi.", {"sanoat": "--11-24"}),
        ("Bugun, 22-dekabr kuni Toshkentda O‘zbekiston va Qozog‘iston ittifoqchilik munosabatlari to‘g‘risidagi shartnomani imzoladi. 2013-yilda strategik "
         "sheriklik to‘g‘risidagi shartnoma imzolangan edi.", {"ittifoqchilik": "--12-22", "strategik": "2013"}),
        ("Prezident 12-aprelda Dushanbeda Emomali Rahmon bilan muzokara o‘tkazdi. O‘zbekiston va Tojikiston suv resurslari to‘g‘risidagi bitimni, shuningdek "
         "turizm to‘g‘risidagi memorandumni imzoladi.", {"suv": "--04-12", "turizm": "--04-12"}),
        ("2025-yil 31-mart kuni Xo‘jandda O‘zbekiston, Qirg‘iziston va Tojikiston rahbarlari uchrashdi. Tomonlar davlat chegaralari tutashgan nuqta "
         "to‘g‘risidagi shartnomani imzoladi.", {"nuqta": "2025-03-31"}),
        ("O‘zbekiston va Qozog‘iston o‘rtasida 1998-yil 31-oktabrda imzolangan Abadiy do‘stlik to‘g‘risidagi shartnomaga 25 yil to‘ldi.",
         {"do‘stlik": "1998-10-31"}),
        ("O‘zbekiston bilan Turkmaniston o‘rtasidagi suv to‘g‘risidagi bitim 5-may kuni kuchga kirdi, deb xabar berdi TIV.", {"suv": None}),
        ("TOSHKENT, 18-aprel. O‘zbekiston va Tojikiston bugun ittifoqchilik munosabatlari to‘g‘risidagi shartnomani imzoladi.", {"ittifoqchilik": "--04-18"}),
    ],
    "uz-cyrl": [
        ("ТОШКЕНТ, 14 июнь. Ўзбекистон ва Тожикистон бугун туризм соҳасидаги ҳамкорлик тўғрисидаги битимни имзолади.", {"туризм": "--06-14"}),
        ("Президентимиз 10 март куни Душанбега ташриф буюрди. Музокаралар якунида Ўзбекистон ва Тожикистон илм-фан соҳасидаги ҳамкорлик тўғрисидаги "
         "меморандумни имзолади.", {"илм": None}),
        ("2013 йил 14 июнда Тошкентда имзоланган Ўзбекистон ва Қозоғистон ўртасидаги Стратегик шериклик тўғрисидаги шартномага 10 йил тўлди.",
         {"шериклик": "2013-06-14"}),
        ("Кеча, 9 июль куни Тошкентда Ўзбекистон ва Қозоғистон Бош вазирлари саноат кооперацияси тўғрисидаги битимни имзоладилар.", {"саноат": "--07-09"}),
        ("Қонунчилик палатаси 14 ноябрда Ўзбекистон ва Қирғизистон ўртасидаги 2022 йил 3 ноябрда Бишкекда имзоланган давлат чегараси тўғрисидаги шартномани "
         "маъқуллади.", {"чегара": "2022-11-03"}),
        ("Ўзбекистон ва Қозоғистон ўртасидаги 1998 йил 31 октябрдаги Абадий дўстлик тўғрисидаги шартнома муҳим аҳамиятга эга.", {"дўстлик": "1998-10-31"}),
    ],
    "kk": [
        ("Қазақстан мен Тәжікстан 2024 жылғы 22 тамызда Душанбеде одақтастық қатынастар туралы шартқа қол қойған болатын. 2026 жылғы 11 наурызда құжатты "
         "Мәжіліс ратификациялады.", {"одақтастық": "2024-08-22"}),
        ("«ҚазАқпарат». 14 маусым күні Президент Өзбекстан басшысымен келіссөз жүргізді. Қазақстан мен Өзбекстан мәдениет туралы меморандумға қол қойды.",
         {"мәдениет": "--06-14"}),
        ("Астанада 2025 жылғы 15 қарашада Жоғары мемлекетаралық кеңестің отырысы өтті. Отырыстан кейін Қазақстан мен Өзбекстан министрлері трансшекаралық су "
         "нысандары туралы келісімге қол қойды. 2024 жылы тауар айналымы 4 млрд доллар болды.", {"су нысандары": "2025-11-15"}),
        ("Қазақстан мен Қырғызстан арасындағы Мәңгілік достық туралы шарт 1997 жылғы 8 сәуірде жасалған. Содан бері екі ел көп құжатқа қол қойды.",
         {"достық": "1997-04-08"}),
        ("Бүгін, 15 қарашада Ташкентте Қазақстан мен Өзбекстан өнеркәсіп туралы келісімге қол қойды.", {"өнеркәсіп": "--11-15"}),
        ("Сенат 2023 жылғы 5 маусымда мақұлдаған Қазақстан мен Өзбекстан арасындағы одақтастық қатынастар туралы шарт күшіне енді.", {"одақтастық": None}),
        ("Ақорданың хабарлауынша, 22 желтоқсанда Ташкентте өткен келіссөзден кейін Қазақстан мен Өзбекстан президенттері одақтастық қатынастар туралы шартқа "
         "қол қойды.", {"одақтастық": "--12-22"}),
        ("2013 жылы қол қойылған Қазақстан мен Өзбекстан арасындағы Стратегиялық әріптестік туралы шарт өз нәтижесін берді.", {"әріптестік": "2013"}),
        ("Мәжіліс 5 маусымда Қазақстан мен Қырғызстан арасындағы одақтастық қатынастар туралы шартты ратификациялады.", {"одақтастық": None}),
    ],
    "ky": [
        ("Кыргызстан менен Өзбекстан 2026-жылдын 1-мартында энергетика жөнүндө макулдашууга кол коюуну пландаштырууда.", {"энергетика": None}),
        ("Бишкек. 13-март. Кыргызстан менен Тажикстандын президенттери мамлекеттик чек ара жөнүндө келишимге кол коюшту. 21-февралда өкмөттүк комиссиялар "
         "документти макулдашкан.", {"чек ара": "--03-13"}),
        ("Жогорку Кеңештин депутаттары 19-мартта Кыргызстан менен Тажикстандын чек ара жөнүндө келишимин жактырды. Келишимге 2025-жылдын 13-мартында Бишкекте "
         "кол коюлган.", {"чек ара": "2025-03-13"}),
        ("Бүгүн Бишкекте Кыргызстан менен Казакстан суу чарба курулмалары жөнүндө макулдашууга кол койду. 2000-жылдын 21-январында түзүлгөн Чүй жана Талас "
         "дарыялары жөнүндө макулдашуу күчүндө.", {"суу чарба": None}),
        ("Садыр Жапаров 20-мартта Кыргызстан менен Тажикстандын чек ара жөнүндө келишимин ратификациялоо тууралуу мыйзамга кол койду.", {"чек ара": None}),
        ("Кыргызстан менен Казакстандын ортосунда Түбөлүк достук жөнүндө келишимге 1997-жылдын 8-апрелинде Алматыда кол коюлган.", {"достук": "1997-04-08"}),
        ("2025-жылдын 13-мартында Бишкекте Кыргызстан менен Тажикстан мамлекеттик чек ара жөнүндө келишимге кол коюшту.", {"чек ара": "2025-03-13"}),
    ],
    "tg": [
        ("Тоҷикистон ва Ӯзбекистон соли 2000 Шартнома дар бораи дӯстии абадиро имзо карданд.", {"дӯстии": "2000"}),
        ("Имрӯз сарони давлатҳо изҳори назар карданд. Созишнома байни Тоҷикистон ва Қазоқистон дар бораи муҳоҷирати меҳнатӣ аз 22 августи соли 2024 эътибор "
         "пайдо кард.", {"муҳоҷират": None}),
        ("Дар Душанбе 10 июни соли 2021 музокироти Тоҷикистон ва Ӯзбекистон баргузор гардид. Баъди музокирот Созишнома байни Тоҷикистон ва Ӯзбекистон дар "
         "бораи ҳамкорӣ дар соҳаи сайёҳӣ ба имзо расид.", {"сайёҳ": "2021-06-10"}),
        ("Соли 2018 Тоҷикистон ва Ӯзбекистон Шартнома дар бораи шарикии стратегиро имзо карданд. Имсол, 10 июн, мулоқоти нав баргузор шуд.",
         {"шарикии": "2018"}),
        ("Тоҷикистон ва Қирғизистон 13 марти соли 2025 дар Бишкек Шартнома дар бораи сарҳади давлатиро ба имзо расонданд. Парлумон онро 26 март тасдиқ кард.",
         {"сарҳад": "2025-03-13"}),
        ("22 августи соли 2024 дар Душанбе президентҳои Тоҷикистон ва Қазоқистон Шартнома дар бораи муносибатҳои иттифоқчигиро ба имзо расонданд.",
         {"иттифоқчиг": "2024-08-22"}),
        ("Шартнома дар бораи дӯстии абадӣ байни Тоҷикистон ва Ӯзбекистон аз 15 июни соли 2000 асоси муносибатҳои ду кишвар мебошад.",
         {"дӯстии": "2000-06-15"}),
        ("ДУШАНБЕ, 18 апрел. Имрӯз Тоҷикистон ва Ӯзбекистон Шартнома дар бораи муносибатҳои иттифоқчигиро имзо карданд.", {"иттифоқчиг": "--04-18"}),
        ("Парлумони Тоҷикистон 26 марти соли 2025 Шартнома байни Тоҷикистон ва Қирғизистон дар бораи сарҳади давлатиро тасвиб кард.", {"сарҳад": None}),
    ],
    "tk": [
        ("25-nji aprelde Aşgabatda Türkmenistanyň we Özbegistanyň prezidentleriniň gepleşikleri geçirildi. Gepleşikleriň netijesinde ulag hakynda Ylalaşyga "
         "gol çekildi.", {"ulag": "--04-25"}),
        ("2024-nji ýylyň 10-njy oktýabrynda Türkmenistan bilen Täjigistan medeniýet hakynda Ähtnama baglaşdy.", {"mede": "2024-10-10"}),
        ("Aşgabat şäherinde 14-nji iýunda duşuşyk geçirildi. Duşuşygyň barşynda Türkmenistan bilen Özbegistan medeniýet ulgamynda hyzmatdaşlyk hakynda Ähtnama"
         " gol çekdi.", {"mede": "--06-14"}),
        ("Gol çekişlik dabarasy 18-nji aprelde Astanada geçirildi. Türkmenistan bilen Gazagystan strategik hyzmatdaşlyk hakynda Şertnama gol çekdi.",
         {"strategik": "--04-18"}),
        ("Türkmenistan bilen Täjigistanyň arasynda strategik hyzmatdaşlyk hakynda Şertnama 2017-nji ýylyň 2-nji noýabrynda Duşenbede gol çekildi.",
         {"strategik": "2017-11-02"}),
        ("Mejlis 15-nji martda Türkmenistan bilen Özbegistanyň arasynda suw hakynda Ylalaşygy tassyklady.", {"suw": None}),
        ("2017-nji ýylyň 6-njy martynda Aşgabatda Türkmenistan bilen Özbegistan strategik hyzmatdaşlyk hakynda Şertnama gol çekdi.",
         {"strategik": "2017-03-06"}),
        ("Aşgabat, 14-nji iýun. Türkmenistan bilen Gazagystan medeniýet hakynda Ylalaşyga gol çekdi.", {"mede": "--06-14"}),
        ("Türkmenistan bilen Gazagystanyň arasyndaky 2017-nji ýylyň 18-nji aprelindäki Strategik hyzmatdaşlyk hakynda Şertnama gatnaşyklaryň esasydyr.",
         {"trategik": "2017-04-18"}),
        ("Türkmenistan bilen Özbegistan 20-nji oktýabrda suw hakynda Ylalaşyga gol çekmegi meýilleşdirýär.", {"suw": None}),
    ],
}


@pytest.fixture(scope="module")
def known(tmp_path_factory: pytest.TempPathFactory) -> Gazetteer:
    data = tmp_path_factory.mktemp("dated")
    (data / "states").mkdir()
    (data / "people").mkdir()
    for slug, code in STATES.items():
        (data / "states" / f"{slug}.yaml").write_text(f"name: {{en: {slug.title()}}}\ncode: {code}\n", "utf-8")
    for name, state in PEOPLE.items():
        slug = name.lower().replace(" ", "-")
        (data / "people" / f"{slug}.yaml").write_text(f"name: {{en: {name}}}\ntenure:\n  - {{role: president, of: states/{state}}}\n", "utf-8")
    return Gazetteer.read([data])


def signed(text: str, piece: str, known: Gazetteer) -> str | None:
    """The day found for the agreement one of whose mentions has the piece."""
    for found in draft(text, known)["agreements"]:
        if any(piece.lower() in mention["quote"].lower() for mention in found["mentions"]):
            for line in found["evidence"]:
                assert text[line["start"]:line["end"]] == line["quote"]
            day: str | None = found["signed"]
            return day
    raise AssertionError(f"no agreement with {piece!r}")


@pytest.mark.parametrize(("text", "days"), [pytest.param(t, d, id=f"{lang}-{i}") for lang, rows in TEXTS.items() for i, (t, d) in enumerate(rows, 1)])
def test_the_day_of_signing(text: str, days: dict[str, str | None], known: Gazetteer) -> None:
    assert {piece: signed(text, piece, known) for piece in days} == days


@pytest.mark.parametrize(("code", "text", "day"), [
    ("ru", "22/12/2022", "2022-12-22"), ("en", "2022-12-22", "2022-12-22"), ("en", "Nov. 15, 2025", "2025-11-15"), ("ru", "22 дек. 2022", "2022-12-22"),
    ("en", "they may 5 times", None), ("en", "it is now 20 years", None), ("ru", "32.12.2022", None), ("ru", "1.2.3.2022", None),
    ("kk", "2022 жылғы 22 желтоқсанда", "2022-12-22"), ("uz", "2022-yil 22-dekabrda", "2022-12-22"), ("tk", "2017-nji ýylyň 6-njy martynda", "2017-03-06"),
])
def test_a_day_in_figures_and_words(code: str, text: str, day: str | None) -> None:
    assert [d.iso() for d in dates.find(Document(text), languages.rules(code))] == ([day] if day else [])


@pytest.mark.parametrize(("page", "found", "last_year", "day"), [
    ((2025, 4, 1), (3, 31), False, "2025-03-31"), ((2025, 1, 10), (12, 22), False, "2024-12-22"), ((2025, 5, 15), (4, 19), True, "2024-04-19"),
    ((2025, 12, 1), (2, 3), False, "--02-03"), (None, (3, 31), False, "--03-31"),
])
def test_the_year_of_the_page_is_that_of_a_day_shortly_before(
        page: tuple[int, int, int] | None, found: tuple[int, int], last_year: bool, day: str) -> None:
    written = dates.Date(*page, 0, 0) if page else None
    assert dates.complete(dates.Date(0, *found, 0, 0), written, [], last_year).iso() == day


def test_days_of_the_week_are_counted_back_from_the_day_of_the_news() -> None:
    text, monday = "On Monday and yesterday", datetime.date(2025, 3, 10)
    found = dates.relative(Document(text), languages.rules("en"), dates.Date(2025, 3, 13, 0, 0))
    assert {d.iso() for d in found} == {monday.isoformat(), "2025-03-12"}
    assert dates.relative(Document(text), languages.rules("en"), dates.Date(2025, 2, 30, 0, 0)) == []
