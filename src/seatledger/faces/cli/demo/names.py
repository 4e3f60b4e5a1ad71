"""Names of people from the places where the demo's organisations work."""

import unicodedata
from collections.abc import Iterator, Sequence
from random import Random

_GIVEN = {
    "english": "Olivia Harry Amelia George Isla Arthur Freya Noah Grace Leo Poppy Oscar Alice Theo Florence Jack "
    "Imogen Toby Harriet Callum Bethany Rhys",
    "nigerian": "Chidi Ngozi Emeka Adaeze Tunde Folake Ifeanyi Yetunde Segun Amaka Kelechi Temitope Obinna Zainab "
    "Musa Halima",
    "swedish": "Astrid Elias Freja Linnéa Nils Saga Oskar Ebba Hugo Wilma Åsa Björn Göran Märta Sven Ylva",
    "german": "Anneliese Lukas Sophie Jonas Greta Matthias Käthe Jürgen Ulrike Bernd Heike Tobias Friederike Moritz "
    "Ute Florian",
    "spanish": "Lucía Mateo Martina Hugo Inés Álvaro Carmen Iker Noelia Joaquín Rocío Andrés Begoña Íñigo Pilar Raúl",
    "indian": "Aarav Priya Vihaan Ananya Rohan Kavya Arjun Meera Sanjay Lakshmi Karthik Divya Imran Fatima Harpreet "
    "Nisha Vikram Sunita",
    "polish": "Zofia Jakub Hanna Szymon Maja Kacper Alicja Wojciech Agnieszka Łukasz Katarzyna Michał Małgorzata "
    "Paweł Ewa Tomasz",
    "japanese": "Haruto Yui Sota Hina Ren Aoi Takumi Sakura Kenji Emi Daichi Naoko Hiroshi Mio Shota Keiko",
    "turkish": "Elif Yusuf Zeynep Mert Defne Emre Ayşe Kerem Selin Burak Gül Ozan İrem Çağlar Şule Deniz",
    "american": "Madison Tyler Brianna Marcus Savannah Dwayne Paige Carlos Aaliyah Brandon Kaitlyn Trevor Destiny "
    "Luis Hannah Jamal Rosa Ethan",
}
_FAMILY = {
    "english": "Whitfield Ashworth Barlow Cartwright Dunmore Ellison Fairfax Goddard Hollis Kershaw Langley Marlow "
    "Pemberton Radcliffe Sutcliffe Thornbury Underhill Wainwright Pritchard Llewellyn",
    "nigerian": "Okafor Adeyemi Nwosu Balogun Eze Oyelaran Ibekwe Adebayo Onyekachi Danjuma Bello Okonkwo Akande Ojo "
    "Uzoma",
    "swedish": "Lindqvist Bergström Sjöberg Åkerlund Nyström Hedlund Söderberg Wallin Ekdahl Öberg Lundin Forsberg "
    "Dahlgren Holmquist",
    "german": "Brandstätter Vogelsang Kühn Rosenthal Hagedorn Schäfer Wiesinger Bäumler Falkenberg Grünwald Oberhofer "
    "Zimmermann Lichtenfeld Strauß",
    "spanish": "Echevarría Montoya Ibáñez Cifuentes Larrañaga Pascual Quintana Salvatierra Urrutia Benítez Arroyo "
    "Núñez Zabaleta Ferrer",
    "indian": "Raghunathan Chaudhary Iyer Deshpande Kulkarni Banerjee Menon Qureshi Gill Subramanian Bhatt Nair "
    "Mukherjee Sandhu Pillai",
    "polish": "Wiśniewska Kowalczyk Zieliński Nowicka Dąbrowski Lewandowska Szymański Wójcik Kaczmarek Piotrowska "
    "Grabowski Jabłońska",
    "japanese": "Nakamura Ishikawa Fujimoto Hayashi Matsuda Ogawa Takahashi Uchida Yamashita Kobayashi Morita Sakamoto "
    "Shimizu",
    "turkish": "Yılmaz Demirtaş Aksoy Çelik Erdoğdu Güneş Kılıç Özdemir Şahin Tekin Uçar Karaca",
    "american": "Ramirez Washington Kowalski Delgado Freeman Abernathy Castillo Hendricks Nguyen Broussard McAllister "
    "Tran Whitaker Espinoza Jefferson",
}
_SPELT = str.maketrans({"ß": "ss", "ø": "o", "ł": "l", "Ł": "L", "ı": "i", "æ": "ae", "đ": "d"})


def people_of(places: Sequence[str], random: Random) -> Iterator[tuple[str, str]]:
    """Yield given and family names of these places in turn, never one twice."""
    pairs = []
    for place in places:
        given, family = _GIVEN[place].split(), _FAMILY[place].split()
        found = [(first, last) for first in given for last in family]
        random.shuffle(found)
        pairs.append(found)
    for round_of_places in zip(*pairs, strict=False):
        yield from round_of_places


def address_of(first_name: str, last_name: str, domain: str) -> str:
    """Return the e-mail address a person has at an organisation: `asa.lindqvist@haldenlogistics.example`."""
    name = unicodedata.normalize("NFKD", f"{first_name}.{last_name}".translate(_SPELT))
    plain = "".join(letter for letter in name if letter.isascii() and (letter.isalnum() or letter in ".-"))
    return f"{plain.lower()}@{domain}"
