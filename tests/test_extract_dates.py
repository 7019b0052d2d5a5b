"""On which day was it signed? Short news texts of the project's own making, in every language, with days of many kinds in many places."""
from __future__ import annotations

import datetime
from pathlib import Path

import pytest

from graph_builder.extract import Gazetteer, dates, draft, languages
from graph_builder.extract.texts import Document

STATES = {"kazakhstan": "KAZ", "uzbekistan": "UZB", "kyrgyzstan": "KGZ", "tajikistan": "TJK", "turkmenistan": "TKM"}
PEOPLE = {"Kassym-Jomart Tokayev": "kazakhstan", "Shavkat Mirziyoyev": "uzbekistan", "Sadyr Japarov": "kyrgyzstan", "Emomali Rahmon": "tajikistan"}

# a text, and for a piece of each title the day that the text gives for the signature (None: it gives none)
TEXTS: dict[str, list[tuple[str, dict[str, str | None]]]] = {
    "ru": [
        ("АСТАНА, 14 июня 2024 года. Президенты Казахстана и Узбекистана подписали сегодня Договор о водных ресурсах. Церемония прошла в Акорде.",
         {"водных ресурсах": "2024-06-14"}),
        ("ТАШКЕНТ, 3 мар — Новости. Узбекистан и Таджикистан подписали соглашение о взаимных поездках граждан. Документ вступит в силу 1 июня.",
         {"взаимных поездках": "--03-03"}),
        ("Договор о союзнических отношениях между Казахстаном и Узбекистаном, подписанный в Ташкенте 22 декабря 2022 года, ратифицирован сенатом 5 "
         "июня 2023 года.",
         {"союзнических": "2022-12-22"}),
        ("Стороны напомнили о Договоре о вечной дружбе от 31 октября 1998 года, Договоре о стратегическом партнерстве между Казахстаном и Узбекистаном"
         " от 14 июня 2013 года и Декларации о дальнейшем сотрудничестве от 16 сентября 2017 года.",
         {"вечной дружбе": "1998-10-31", "стратегическом": "2013-06-14", "дальнейшем": "2017-09-16"}),
        ("В среду, 10 апреля, сенат Казахстана ратифицировал соглашение между Казахстаном и Кыргызстаном о приграничном сотрудничестве.",
         {"приграничном": None}),
        ("Соглашение между Кыргызстаном и Таджикистаном о свободной торговле вступило в силу 1 января 2021 года. Оно было подписано в Душанбе 19 "
         "января 2000 года.",
         {"Соглашение между": "2000-01-19"}),
        ("Казахстан и Туркменистан намерены 12 октября подписать договор о транзите газа. Проект документа уже согласован.",
         {"транзите газа": None}),
        ("31 октября исполнилось 25 лет Договору о вечной дружбе между Узбекистаном и Казахстаном. Президенты обменялись поздравлениями.",
         {"вечной дружбе": None}),
        ("18 апреля в Душанбе состоялись переговоры президентов Узбекистана и Таджикистана. По их итогам подписан Договор о союзнических отношениях, а"
         " также Меморандум о сотрудничестве в сфере туризма.",
         {"союзнических": "--04-18", "туризма": "--04-18"}),
        ("Президент Кыргызстана прибыл в Ташкент 18 июля с двухдневным визитом. Кыргызстан и Узбекистан подписали совместное заявление о расширении "
         "стратегического партнерства.",
         {"совместное заявление": None}),
        ("В ходе визита 21–22 августа 2024 года президенты Казахстана и Таджикистана подписали Договор о союзнических отношениях.",
         {"союзнических": None}),
        ("22.08.2024 в Душанбе Казахстан и Таджикистан подписали Договор о союзнических отношениях.",
         {"союзнических": "2024-08-22"}),
        ("Об этом 23 декабря сообщила пресс-служба МИД. Казахстан и Узбекистан подписали соглашение о демаркации границы.",
         {"демаркации": None}),
        ("В 1997 году Казахстан, Кыргызстан и Узбекистан подписали Договор о вечной дружбе. Сейчас страны обсуждают новые проекты.",
         {"вечной дружбе": "1997"}),
        ("В ходе переговоров, которые прошли 4 мая 2023 года в Астане, президенты Казахстана и Таджикистана подписали Декларацию о союзническом "
         "взаимодействии.",
         {"союзническом": "2023-05-04"}),
        ("Вчера в Бишкеке Кыргызстан и Узбекистан подписали протокол о сотрудничестве в энергетике. Бишкек, 27 января 2023 года.",
         {"энергетике": None}),
        ("6 ноября в Самарканде прошел саммит. Стороны приняли следующие документы:\n"
         "– Соглашение между Казахстаном и Узбекистаном о железнодорожном транспорте;\n"
         "– Меморандум между Казахстаном и Узбекистаном о культуре.",
         {"железнодорожном": "--11-06", "культуре": "--11-06"}),
        ("Дата: 15 мая 2025 года\n"
         "Казахстан ратифицировал договор с Кыргызстаном об углублении союзнических отношений\n"
         "Мажилис одобрил законопроект. Договор об углублении союзнических отношений между Казахстаном и Кыргызстаном подписали 19 апреля прошлого "
         "года в Астане.",
         {"углублении": "2024-04-19"}),
        ("Сегодня Узбекистан и Туркменистан поддерживают тесные связи. Договор о стратегическом партнерстве между Узбекистаном и Туркменистаном "
         "подписан в марте 2017 года.",
         {"стратегическом": "2017-03"}),
        ("– Расскажите о договоре о границе между Кыргызстаном и Узбекистаном.\n"
         "– Мы подписали договор о границе в сентябре 2017 года, а переговоры шли с 1999 года.",
         {"границе": "2017-09"}),
        ("Главная\n"
         "Новости\n"
         "12.05.2023 14:20\n"
         "Министры подписали документы в Алматы\n"
         "\n"
         "Министры транспорта Казахстана и Узбекистана Марат Карабаев и Ильхом Махкамов подписали в Алматы соглашение о международных автомобильных "
         "перевозках. Встреча прошла 11 мая на полях транспортного форума.",
         {"автомобильных": "2023-05-11"}),
        ("Президент Токаев подписал закон «О ратификации Договора между Казахстаном и Кыргызстаном об углублении союзнических отношений». Закон "
         "опубликован 24 февраля 2025 года.",
         {"углублении": None}),
        ("Жогорку Кенеш 14 мая ратифицировал соглашение между Кыргызстаном и Узбекистаном о взаимной охране границ, подписанное 27 января 2023 года в "
         "Бишкеке.",
         {"охране": "2023-01-27"}),
        ("Договор между Узбекистаном и Таджикистаном о союзнических отношениях стороны подписали еще в апреле. В сентябре министры обсудили его "
         "выполнение; встреча прошла 5 сентября.",
         {"союзнических": None}),
        ("Тридцать лет назад, 24 сентября 1992 года, Казахстан и Узбекистан подписали Договор о дружбе, сотрудничестве и взаимной помощи. С тех пор "
         "было много встреч.",
         {"дружбе": "1992-09-24"}),
        ("БИШКЕК, 5 сен — Агентство. Президенты Кыргызстана и Узбекистана в ходе переговоров подписали Договор о государственной границе. Ранее, 10 "
         "августа, министры согласовали его текст.",
         {"границе": "--09-05"}),
        ("По случаю 30-летия дипломатических отношений 26 ноября в Ташкенте открылась выставка. На ней показан Меморандум о культурном сотрудничестве "
         "между Узбекистаном и Таджикистаном, заключенный в 2017 году.",
         {"культурном": "2017"}),
        ("Завтра, 3 июня, Узбекистан и Туркменистан подпишут соглашение о совместном управлении водными ресурсами.",
         {"водными": None}),
        ("На заседании правительства 17 октября одобрен проект соглашения между Казахстаном и Кыргызстаном о строительстве моста.",
         {"моста": None}),
        ("Президенты Кыргызстана и Таджикистана встретились 13 марта в Бишкеке. Главным итогом встречи стал Договор о государственной границе: его "
         "подписали после переговоров. Договор вступит в силу после ратификации.",
         {"границе": "--03-13"}),
        ("Между Казахстаном и Узбекистаном действуют Договор о вечной дружбе (1998 г.), Договор о стратегическом партнерстве (14 июня 2013 г.) и "
         "Договор о союзнических отношениях (22 декабря 2022 г.).",
         {"вечной": "1998", "стратегическом": "2013-06-14", "союзнических": "2022-12-22"}),
        ("Дата публикации: 19.04.2024\n"
         "Казахстан и Кыргызстан углубляют союзничество\n"
         "Сегодня в Астане Казахстан и Кыргызстан подписали Договор об углублении союзнических отношений.",
         {"углублении": "2024-04-19"}),
        ("2024-11-15 | Новости\n"
         "В среду Узбекистан и Кыргызстан подписали в Оше меморандум о развитии туризма.",
         {"туризма": "2024-11-13"}),
        ("Переговоры по соглашению между Казахстаном и Туркменистаном о демаркации границы начались 3 марта 2003 года и продолжаются.",
         {"демаркации": None}),
        ("Соглашение между Кыргызстаном и Казахстаном об использовании водохозяйственных сооружений на реках Чу и Талас было подписано 21 января 2000 "
         "года, ратифицировано в 2001 году и действует с 7 февраля 2002 года.",
         {"водохозяйственных": "2000-01-21"}),
        ("Министр сообщил 8 июля, что Казахстан и Таджикистан подписали соглашение о трудовой миграции.",
         {"трудовой": None}),
        ("Узбекистан и Таджикистан подписали 28 документов\n"
         "\n"
         "Меню Поиск Подписаться\n"
         "Итогом государственного визита Президента Узбекистана в Таджикистан стал обширный пакет документов. Визит проходит 9–10 марта.\n"
         "\n"
         "10 марта в Душанбе прошли переговоры глав государств. По их завершении стороны обменялись подписанными документами.\n"
         "\n"
         "Среди них:\n"
         "– Соглашение между Узбекистаном и Таджикистаном о демаркации отдельных участков границы;\n"
         "– Соглашение между Узбекистаном и Таджикистаном о взаимных поездках граждан;\n"
         "– Меморандум между Узбекистаном и Таджикистаном о сотрудничестве в сфере науки;\n"
         "– Программа сотрудничества между Узбекистаном и Таджикистаном в области культуры.",
         {"демаркации": "--03-10", "взаимных": "--03-10", "науки": "--03-10", "культуры": "--03-10"}),
        ("Казахстан и Кыргызстан: что даст новый договор\n"
         "\n"
         "Эксперты оценили Договор об углублении и расширении союзнических отношений между Казахстаном и Кыргызстаном. Он подписан 19 апреля 2024 года"
         " в Астане. Напомним, Договор о вечной дружбе между Казахстаном и Кыргызстаном стороны заключили 8 апреля 1997 года, а Договор о союзнических"
         " отношениях – 25 декабря 2003 года. По мнению экспертов, новый документ заменит прежние. 1 марта 2025 года его ратифицировал мажилис.",
         {"углублении": "2024-04-19", "вечной": "1997-04-08"}),
        ("26 ноября в Бишкеке начинается двухдневный визит президента Узбекистана. Как ожидается, Кыргызстан и Узбекистан подпишут Меморандум о "
         "сотрудничестве в области энергетики. В прошлом году стороны заключили соглашение о поставках электроэнергии.",
         {"энергетики": None}),
        ("Кабинет министров утвердил 3 февраля Соглашение между Кыргызстаном и Казахстаном о порядке пребывания граждан. Документ был подписан 11 "
         "октября 2022 года в Бишкеке. Оно вступит в силу через 30 дней после обмена уведомлениями.",
         {"пребывания": "2022-10-11"}),
        ("Подписан меморандум между Узбекистаном и Туркменистаном о поставках газа. Подписание состоялось 20 июля в Аркадаге в присутствии министров "
         "двух стран. Новый объем поставок составит 2 млрд кубометров. В 2021 году стороны поставили 1 млрд.",
         {"газа": "--07-20"}),
        ("Президенты Казахстана и Туркменистана в понедельник провели переговоры в Астане. Подписано совместное заявление по итогам визита. Касым-"
         "Жомарт Токаев и Сердар Бердымухамедов также обсудили газ. Предыдущая встреча лидеров прошла 10 октября 2023 года.",
         {"совместное заявление": None}),
        ("Шавкат Мирзиёев 8 июня поздравил коллегу. Между Узбекистаном и Таджикистаном подписан Договор о союзнических отношениях, отметил он.",
         {"союзнических": None}),
        ("Премьер-министры Казахстана и Узбекистана 24 ноября открыли в Самарканде форум. В рамках форума стороны подписали Соглашение об "
         "индустриальной кооперации. Объем торговли в 2022 году достиг 5 млрд долларов, к 2030 году его доведут до 10 млрд.",
         {"индустриальной": "--11-24"}),
        ("Парламент Таджикистана 26 марта ратифицировал Договор о государственной границе с Кыргызстаном. Подписи под документом президенты Эмомали "
         "Рахмон и Садыр Жапаров поставили двумя неделями ранее, 13 марта, в Бишкеке.",
         {"границе": "--03-13"}),
    ],
    "en": [
        ("TASHKENT, 22 December 2022 – Kazakhstan and Uzbekistan signed a treaty on allied relations, the press service said.",
         {"allied": "2022-12-22"}),
        ("On March 13, 2025, Kyrgyzstan and Tajikistan signed a treaty on the state border in Bishkek. Parliament ratified the treaty on March 19, "
         "2025.",
         {"state border": "2025-03-13"}),
        ("The agreement on the Andijan reservoir between Kyrgyzstan and Uzbekistan entered into force on 4 January 2023. It was signed in Bishkek on 3"
         " November 2022.",
         {"Andijan": "2022-11-03"}),
        ("Kazakhstan and Turkmenistan plan to sign an agreement on gas transit on 12 October 2025.",
         {"gas transit": None}),
        ("The Treaty on Eternal Friendship between Kazakhstan and Uzbekistan, dated 31 October 1998, and the Agreement on Border Delimitation between "
         "Kazakhstan and Uzbekistan of 16 November 2001 remain the basis of the ties.",
         {"Eternal": "1998-10-31", "Delimitation": "2001-11-16"}),
        ("Uzbekistan and Tajikistan marked the 20th anniversary of the Treaty on Eternal Friendship on 15 June 2020 in Dushanbe.",
         {"Eternal": None}),
        ("DUSHANBE, July 9 (News) - Uzbekistan and Tajikistan today signed a joint statement on deepening strategic partnership.",
         {"joint statement": "--07-09"}),
        ("date 2024-07-10 Uzbekistan and Kyrgyzstan signed a protocol on customs cooperation on July 8 in Osh.",
         {"customs": "2024-07-08"}),
        ("date 2024-07-10 Experts discussed the agreement on water between Kazakhstan and Kyrgyzstan. The agreement was signed in Astana.",
         {"water": None}),
        ("The presidents of Kazakhstan and Kyrgyzstan met on 19 April 2024 in Astana. After the talks they signed a treaty on expanding allied "
         "relations.",
         {"allied": "2024-04-19"}),
        ("The president arrived in Tashkent on 21 December. Kazakhstan and Uzbekistan signed a treaty on allied relations.",
         {"allied": None}),
        ("Kazakhstan and Tajikistan signed an agreement on labour migration on Thursday, 22 August 2024.",
         {"labour": "2024-08-22"}),
        ("Kazakhstan and Uzbekistan signed a strategic partnership treaty in June 2013 and a treaty on allied relations in December 2022.",
         {"strategic": "2013-06", "allied": "2022-12"}),
        ("\"We signed the memorandum on tourism between Kazakhstan and Kyrgyzstan in 2019,\" the minister said in an interview published on 5 May 2024.",
         {"tourism": "2019"}),
        ("ASTANA, 14/06/2024 – The lower house ratified the agreement between Kazakhstan and Uzbekistan on water management.",
         {"water": None}),
        ("The Kazakh senate approved on 6 June 2023 the Treaty on Allied Relations between Kazakhstan and Uzbekistan.",
         {"Allied": None}),
        ("Astana – 10 September 2025\n"
         "During the meeting yesterday Kazakhstan and Kyrgyzstan signed an agreement on border crossing points.",
         {"border crossing": "2025-09-09"}),
        ("Bishkek, 14 June (Agency). Kyrgyzstan and Kazakhstan have signed an agreement on the use of water facilities.",
         {"water facilities": "--06-14"}),
        ("Latest\n"
         "Published: 15 November 2025, 10:12\n"
         "Kazakhstan and Uzbekistan have agreed on water\n"
         "The two countries signed an agreement on joint management of transboundary water. It was signed by the ministers at a council session.",
         {"transboundary": None}),
        ("The Treaty on the State Border between Kyrgyzstan and Tajikistan, signed on 13 March 2025, was ratified by the Jogorku Kenesh on 19 March "
         "2025.",
         {"State Border": "2025-03-13"}),
        ("Ten years after the 2013 Strategic Partnership Treaty, Kazakhstan and Uzbekistan signed a treaty on allied relations on December 22, 2022.",
         {"allied": "2022-12-22"}),
        ("Speaking in parliament on 3 May, the foreign minister said that Kazakhstan and Tajikistan signed the Declaration on Allied Interaction on 4 "
         "May 2023.",
         {"Allied": "2023-05-04"}),
        ("On 5-6 August 2024 the president paid a state visit to Astana. During the visit Kazakhstan and Kyrgyzstan signed a memorandum on tourism.",
         {"tourism": None}),
        ("The leaders of Tajikistan, Kyrgyzstan and Uzbekistan signed the Khujand Declaration on Eternal Friendship at a summit on March 31.",
         {"Khujand": "--03-31"}),
        ("President Mirziyoyev signed a law on June 2 ratifying the agreement between Uzbekistan and Tajikistan on labour migration.",
         {"labour": None}),
        ("Astana – Deputies of the Majilis passed on 11 March 2026 the bill on the Treaty on Allied Relations between Kazakhstan and Tajikistan. The "
         "treaty, signed in Dushanbe in August 2024, takes ties to a new level.",
         {"Allied": "2024-08"}),
        ("Kyrgyzstan and Uzbekistan will sign a protocol on border crossing points on 1 July in Osh, the ministry said.",
         {"border crossing": None}),
        ("The summit of 21 July 2022 in Cholpon-Ata ended with a treaty on friendship and cooperation, signed by Kazakhstan, Kyrgyzstan and "
         "Uzbekistan.",
         {"friendship": "2022-07-21"}),
        ("ASHGABAT, March 6, 2017. Turkmenistan and Uzbekistan signed a treaty on strategic partnership and a memorandum on rail transport.",
         {"strategic": "2017-03-06", "rail": "2017-03-06"}),
        ("By Staff Report\n"
         "ASTANA – Kazakhstan and Uzbekistan signed an agreement on joint management of transboundary water facilities during the second meeting of "
         "the Supreme Interstate Council on Nov. 15, 2025, in Tashkent. The ministers Nurzhan Nurzhigitov and Shavkat Khamraev put their signatures. "
         "In 2024, trade reached $4 billion. Work on the text began in March 2023.",
         {"transboundary": "2025-11-15"}),
        ("Presidents Sadyr Japarov and Emomali Rahmon on Thursday signed a landmark treaty on the state border. Kyrgyz and Tajik security chiefs had "
         "signed the protocol on border delimitation on February 21. The two countries fought a short war in September 2022. The ceremony took place "
         "in Bishkek on March 13.",
         {"treaty on the state": "--03-13", "protocol": "--02-21"}),
        ("The Senate of Uzbekistan on Friday backed the law on ratifying the Treaty on Allied Relations with Tajikistan. The document was signed on 18"
         " April 2024 in Dushanbe during the state visit of Shavkat Mirziyoyev. Earlier, on 14 May, the Legislative Chamber approved it.",
         {"Allied": "2024-04-18"}),
        ("Tashkent hosted the first meeting of the Kazakh-Uzbek council on 22 December. After it the presidents signed the Treaty on Allied Relations."
         " Also signed were:\n"
         "- an agreement on demarcation of the Kazakh-Uzbek border;\n"
         "- a memorandum on cooperation in science between Kazakhstan and Uzbekistan.",
         {"Allied": "--12-22", "demarcation": "--12-22", "science": "--12-22"}),
        ("Kyrgyzstan's parliament plans to consider on June 5 the agreement with Kazakhstan on water. The sides initialed nothing yet, officials said."
         " A similar agreement between Kyrgyzstan and Uzbekistan on the Kempirabad reservoir was signed in November 2022.",
         {"Kempirabad": "2022-11"}),
    ],
    "uz": [
        ("2022-yil 22-dekabr kuni Toshkentda Qozog‘iston va O‘zbekiston prezidentlari ittifoqchilik munosabatlari to‘g‘risidagi shartnomani imzoladi.",
         {"ittifoqchilik": "2022-12-22"}),
        ("Qozog‘iston va O‘zbekiston o‘rtasidagi 2013-yil 14-iyundagi Strategik sheriklik to‘g‘risidagi shartnoma ikki davlat munosabatlarining "
         "asosidir.",
         {"sheriklik": "2013-06-14"}),
        ("Senat 5-iyun kuni O‘zbekiston va Qirg‘iziston o‘rtasidagi davlat chegarasi to‘g‘risidagi shartnomani ratifikatsiya qildi.",
         {"chegarasi": None}),
        ("TOSHKENT, 18-aprel. O‘zbekiston va Tojikiston bugun ittifoqchilik munosabatlari to‘g‘risidagi shartnomani imzoladi.",
         {"ittifoqchilik": "--04-18"}),
        ("O‘zbekiston va Turkmaniston o‘rtasidagi strategik sheriklik to‘g‘risidagi shartnoma 2017-yil 6-martda Ashxobodda imzolangan. U 2017-yil iyul"
         " oyida kuchga kirgan.",
         {"sheriklik": "2017-03-06"}),
        ("10-oktyabr kuni Samarqandda O‘zbekiston va Qirg‘iziston prezidentlarining uchrashuvi bo‘lib o‘tdi. Uchrashuv yakunida madaniyat sohasidagi "
         "hamkorlik to‘g‘risidagi bitim imzolandi.",
         {"madaniyat": "--10-10"}),
        ("O‘zbekiston va Qozog‘iston 15-noyabr kuni suv resurslari to‘g‘risidagi bitimni imzolashi kutilmoqda.",
         {"suv": None}),
        ("20-mart kuni Toshkentda O‘zbekiston va Qozog‘iston tashqi ishlar vazirlari muzokara o‘tkazdi. Muzokaralardan so‘ng madaniy hamkorlik "
         "to‘g‘risidagi memorandum imzolandi.",
         {"madaniy": "--03-20"}),
        ("O‘zbekiston va Qirg‘iziston o‘rtasidagi suv ombori to‘g‘risidagi bitim 2022-yil 3-noyabrda Bishkekda imzolangan, 2022-yil 29-noyabrda "
         "ratifikatsiya qilingan.",
         {"suv": "2022-11-03"}),
        ("Xabarda aytilishicha, 12-may kuni Senat a’zolari O‘zbekiston va Tojikiston o‘rtasidagi ittifoqchilik munosabatlari to‘g‘risidagi shartnomani"
         " ma’qulladi.",
         {"ittifoqchilik": None}),
        ("1998-yilda O‘zbekiston va Qozog‘iston Abadiy do‘stlik to‘g‘risidagi shartnomani imzolagan edi.",
         {"do‘stlik": "1998"}),
        ("Toshkent, 24-noyabr. O‘zbekiston va Qozog‘iston hukumatlari sanoat kooperatsiyasi to‘g‘risidagi bitimni imzoladi. Marosimda bosh vazirlar "
         "ishtirok etdi. Avvalroq, 5-sentabr kuni tomonlar loyihani kelishib olgan edi.",
         {"sanoat": "--11-24"}),
    ],
    "uz-cyrl": [
        ("2024 йил 18 апрель куни Душанбеда Ўзбекистон ва Тожикистон президентлари иттифоқчилик муносабатлари тўғрисидаги шартномани имзолади.",
         {"иттифоқчилик": "2024-04-18"}),
        ("Ўзбекистон ва Қозоғистон ўртасидаги 1998 йил 31 октябрдаги Абадий дўстлик тўғрисидаги шартнома муҳим аҳамиятга эга.",
         {"дўстлик": "1998-10-31"}),
        ("Ўзбекистон билан Қирғизистон ўртасидаги чегара тўғрисидаги шартнома 2017 йил 5 сентябрда Бишкекда имзоланган.",
         {"чегара": "2017-09-05"}),
        ("30 ноябрь куни Президент Ўзбекистон билан Қирғизистон ўртасидаги чегара тўғрисидаги шартномани ратификация қилиш тўғрисидаги қонунни "
         "имзолади.",
         {"чегара": None}),
        ("Тошкентда 22 декабрь куни олий даражадаги музокаралар бўлиб ўтди. Ўзбекистон ва Қозоғистон Президентлари иттифоқчилик муносабатлари "
         "тўғрисидаги шартномани имзоладилар.",
         {"иттифоқчилик": "--12-22"}),
        ("ТОШКЕНТ, 14 июнь. Ўзбекистон ва Тожикистон бугун туризм соҳасидаги ҳамкорлик тўғрисидаги битимни имзолади.",
         {"туризм": "--06-14"}),
        ("31 октябрь куни Ўзбекистон ва Қозоғистон ўртасидаги Абадий дўстлик тўғрисидаги шартнома имзоланганига 20 йил тўлди.",
         {"дўстлик": None}),
        ("Президентимиз 10 март куни Душанбега ташриф буюрди. Музокаралар якунида Ўзбекистон ва Тожикистон илм-фан соҳасидаги ҳамкорлик тўғрисидаги "
         "меморандумни имзолади.",
         {"илм": None}),
    ],
    "kk": [
        ("2022 жылғы 22 желтоқсанда Ташкентте Қазақстан мен Өзбекстан одақтастық қатынастар туралы шартқа қол қойды.",
         {"одақтастық": "2022-12-22"}),
        ("Қазақстан мен Өзбекстан арасындағы 2013 жылғы 14 маусымдағы Стратегиялық әріптестік туралы шарт екі ел байланысының негізі болып саналады.",
         {"әріптестік": "2013-06-14"}),
        ("Мәжіліс 5 маусымда Қазақстан мен Қырғызстан арасындағы одақтастық қатынастар туралы шартты ратификациялады.",
         {"одақтастық": None}),
        ("АСТАНА, 19 сәуір. Бүгін Қазақстан мен Қырғызстан президенттері одақтастық қатынастарды тереңдету туралы шартқа қол қойды.",
         {"одақтастық": "--04-19"}),
        ("22 тамызда Душанбеде Қазақстан мен Тәжікстан президенттерінің келіссөзі өтті. Келіссөз қорытындысында одақтастық қатынастар туралы шартқа "
         "қол қойылды.",
         {"одақтастық": "--08-22"}),
        ("2022 жылғы 22 желтоқсанда қол қойылған Қазақстан мен Өзбекстанның одақтастық қатынастар туралы шарты 2023 жылғы 10 шілдеде күшіне енді.",
         {"одақтастық": "2022-12-22"}),
        ("Қазақстан мен Түрікменстан келесі жылы 10 мамырда газ транзиті туралы келісімге қол қоюды жоспарлап отыр.",
         {"газ": None}),
        ("Кеше Астанада Қазақстан мен Қырғызстан су ресурстары туралы келісімге қол қойды. АСТАНА, 2025 жылғы 22 тамыз.",
         {"су ": None}),
        ("Қазақстан мен Тәжікстан 2024 жылғы 22 тамызда Душанбеде одақтастық қатынастар туралы шартқа қол қойған болатын. 2026 жылғы 11 наурызда "
         "құжатты Мәжіліс ратификациялады.",
         {"одақтастық": "2024-08-22"}),
        ("31 қазанда Қазақстан мен Өзбекстан арасындағы Мәңгілік достық туралы шартқа 25 жыл толды.",
         {"достық": None}),
        ("1997 жылы Қазақстан, Қырғызстан және Өзбекстан Мәңгілік достық туралы шартқа қол қойды.",
         {"достық": "1997"}),
        ("«ҚазАқпарат». 14 маусым күні Президент Өзбекстан басшысымен келіссөз жүргізді. Қазақстан мен Өзбекстан мәдениет туралы меморандумға қол "
         "қойды.",
         {"мәдениет": "--06-14"}),
        ("Астанада 2025 жылғы 15 қарашада Жоғары мемлекетаралық кеңестің отырысы өтті. Отырыстан кейін Қазақстан мен Өзбекстан министрлері "
         "трансшекаралық су нысандары туралы келісімге қол қойды. 2024 жылы тауар айналымы 4 млрд доллар болды.",
         {"су нысандары": "2025-11-15"}),
        ("Қазақстан мен Қырғызстан арасындағы Мәңгілік достық туралы шарт 1997 жылғы 8 сәуірде жасалған. Содан бері екі ел көп құжатқа қол қойды.",
         {"достық": "1997-04-08"}),
    ],
    "ky": [
        ("2025-жылдын 13-мартында Бишкекте Кыргызстан менен Тажикстан мамлекеттик чек ара жөнүндө келишимге кол коюшту.",
         {"чек ара": "2025-03-13"}),
        ("Кыргызстан менен Өзбекстандын ортосундагы 2017-жылдын 5-сентябрындагы чек ара жөнүндө келишим күчүндө.",
         {"чек ара": "2017-09-05"}),
        ("Жогорку Кеңеш 19-мартта Кыргызстан менен Тажикстандын мамлекеттик чек ара жөнүндө келишимин ратификациялады.",
         {"чек ара": None}),
        ("Бишкек, 27-январь. Кыргызстан менен Өзбекстан бүгүн суу ресурстары жөнүндө макулдашууга кол койду.",
         {"суу": "--01-27"}),
        ("31-мартта Худжандда Кыргызстан, Тажикстан жана Өзбекстан президенттеринин саммити өттү. Жыйындын жыйынтыгында түбөлүк достук жөнүндө "
         "декларацияга кол коюлду.",
         {"достук": "--03-31"}),
        ("Кыргызстан менен Казакстандын президенттери 2024-жылдын 19-апрелинде Астанада союздаштык мамилелер жөнүндө келишимге кол коюшкан.",
         {"союздаштык": "2024-04-19"}),
        ("18-июлда Ташкентте Кыргызстан менен Өзбекстандын президенттеринин сүйлөшүүлөрү болду. Сүйлөшүүдөн кийин туризм жөнүндө макулдашууга кол "
         "коюлду.",
         {"туризм": "--07-18"}),
        ("Кыргызстан менен Өзбекстан 2026-жылдын 1-мартында энергетика жөнүндө макулдашууга кол коюуну пландаштырууда.",
         {"энергетика": None}),
        ("Бишкек. 13-март. Кыргызстан менен Тажикстандын президенттери мамлекеттик чек ара жөнүндө келишимге кол коюшту. 21-февралда өкмөттүк "
         "комиссиялар документти макулдашкан.",
         {"чек ара": "--03-13"}),
        ("Жогорку Кеңештин депутаттары 19-мартта Кыргызстан менен Тажикстандын чек ара жөнүндө келишимин жактырды. Келишимге 2025-жылдын 13-мартында "
         "Бишкекте кол коюлган.",
         {"чек ара": "2025-03-13"}),
    ],
    "tg": [
        ("22 августи соли 2024 дар Душанбе президентҳои Тоҷикистон ва Қазоқистон Шартнома дар бораи муносибатҳои иттифоқчигиро ба имзо расонданд.",
         {"иттифоқчиг": "2024-08-22"}),
        ("Шартнома дар бораи дӯстии абадӣ байни Тоҷикистон ва Ӯзбекистон аз 15 июни соли 2000 асоси муносибатҳои ду кишвар мебошад.",
         {"дӯстии": "2000-06-15"}),
        ("ДУШАНБЕ, 18 апрел. Имрӯз Тоҷикистон ва Ӯзбекистон Шартнома дар бораи муносибатҳои иттифоқчигиро имзо карданд.",
         {"иттифоқчиг": "--04-18"}),
        ("Парлумони Тоҷикистон 26 марти соли 2025 Шартнома байни Тоҷикистон ва Қирғизистон дар бораи сарҳади давлатиро тасвиб кард.",
         {"сарҳад": None}),
        ("Тоҷикистон ва Ӯзбекистон соли 2000 Шартнома дар бораи дӯстии абадиро имзо карданд.",
         {"дӯстии": "2000"}),
        ("Имрӯз сарони давлатҳо изҳори назар карданд. Созишнома байни Тоҷикистон ва Қазоқистон дар бораи муҳоҷирати меҳнатӣ аз 22 августи соли 2024 "
         "эътибор пайдо кард.",
         {"муҳоҷират": None}),
        ("Дар Душанбе 10 июни соли 2021 музокироти Тоҷикистон ва Ӯзбекистон баргузор гардид. Баъди музокирот Созишнома байни Тоҷикистон ва Ӯзбекистон "
         "дар бораи ҳамкорӣ дар соҳаи сайёҳӣ ба имзо расид.",
         {"сайёҳ": "2021-06-10"}),
    ],
    "tk": [
        ("2017-nji ýylyň 6-njy martynda Aşgabatda Türkmenistan bilen Özbegistan strategik hyzmatdaşlyk hakynda Şertnama gol çekdi.",
         {"strategik": "2017-03-06"}),
        ("Aşgabat, 14-nji iýun. Türkmenistan bilen Gazagystan medeniýet hakynda Ylalaşyga gol çekdi.",
         {"mede": "--06-14"}),
        ("Türkmenistan bilen Gazagystanyň arasyndaky 2017-nji ýylyň 18-nji aprelindäki Strategik hyzmatdaşlyk hakynda Şertnama gatnaşyklaryň esasydyr.",
         {"trategik": "2017-04-18"}),
        ("Türkmenistan bilen Özbegistan 20-nji oktýabrda suw hakynda Ylalaşyga gol çekmegi meýilleşdirýär.",
         {"suw": None}),
        ("25-nji aprelde Aşgabatda Türkmenistanyň we Özbegistanyň prezidentleriniň gepleşikleri geçirildi. Gepleşikleriň netijesinde ulag hakynda "
         "Ylalaşyga gol çekildi.",
         {"ulag": "--04-25"}),
        ("2024-nji ýylyň 10-njy oktýabrynda Türkmenistan bilen Täjigistan medeniýet hakynda Ähtnama baglaşdy.",
         {"mede": "2024-10-10"}),
        ("Aşgabat şäherinde 14-nji iýunda duşuşyk geçirildi. Duşuşygyň barşynda Türkmenistan bilen Özbegistan medeniýet ulgamynda hyzmatdaşlyk hakynda"
         " Ähtnama gol çekdi.",
         {"mede": "--06-14"}),
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
