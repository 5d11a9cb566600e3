"""English, Spanish, French. Own wording; all names are invented."""

from __future__ import annotations

from harness.factory.language import Language, chrome_of, lines

ENGLISH = Language(
    "en",
    subjects=lines("""
        the town council
        the regional hospital
        the harbour office
        a small team of teachers
        the old ferry company
        the museum on the hill
    """),
    predicates=lines("""
        has agreed to repair the bridge that was closed in the spring
        will open its doors to the families who asked for more time
        could not say how many of the letters were lost on the way
        is looking for volunteers who know how to mend a net
        wants to keep the night bus for at least another year
        has published a report about the water in the upper valley
        has been counting the swifts that come back to the tower in May
    """),
    adverbials=lines("""
        on Tuesday evening
        after a meeting of more than three hours
        in the north of the county
        before the end of the month
        for the first time since 1987
        without much noise
    """),
    clauses=lines("""
        and nobody in the room was surprised by it
        because the money had not been spent when it should have been
        although some of the neighbours would rather have waited
        which is what the mayor had promised to all of them
        but it is not yet clear who is going to pay for it
    """),
    openers=lines("""
        however,
        according to the report,
        as a result,
        at the same time,
    """),
    patterns=(
        "{s} {p} {a}, {c}.",
        "{o} {s} {p}, {c}.",
        "{s} {p}. In all, {n} people had put their names to the letter {a}.",
        "“We did what we could with what there was,” said {who} {a}, {c}.",
    ),
    titles=("{s} {p}", "{s} {p} {a}", "{s}: “{n} letters, {c}”"),
    sources=lines("""
        Harbour Gazette
        The Northern Echo & Mail
        News18
        Kestrel 24X7
        O’Hara’s Weekly
        KDLV 33/40
        9Report
    """),
    people=lines("""
        Ingrid Kowalczyk-Ahn
        Abby Whitcombe
        J. R. O’Malley
        Tobias van der Byl
    """),
    chrome=chrome_of("""
        Skip to content
        Share this article
        You may also like
        Read the full story
        No comments yet, be the first to write one
        We use cookies to count visits; choose what you allow
        Get our letter every morning, free of charge
        All rights reserved by the publisher
        Advertisement
        Photograph: archive of the county library
    """),
)

SPANISH = Language(
    "es",
    subjects=lines("""
        el ayuntamiento
        el hospital comarcal
        el puerto viejo
        un grupo de maestros
        el museo de la colina
    """),
    predicates=lines("""
        ha decidido reparar el puente que se cerró en la primavera
        abrirá sus puertas a las familias que pedían más tiempo
        no supo decir cuántas de las cartas se perdieron por el camino
        busca voluntarios que sepan coser una red como las de antes
        quiere mantener el autobús de la noche por lo menos un año más
        ha publicado un informe sobre el agua del valle alto
    """),
    adverbials=lines("""
        el martes por la tarde
        después de una reunión de más de tres horas
        en el norte de la provincia
        antes de que acabe el mes
        por primera vez desde 1987
    """),
    clauses=lines("""
        y a nadie en la sala le sorprendió
        porque el dinero no se había gastado cuando debía
        aunque algunos de los vecinos habrían preferido esperar
        que es lo que la alcaldesa les había prometido a todos
        pero todavía no está claro quién lo va a pagar
    """),
    openers=lines("""
        sin embargo,
        según el informe,
        por eso
        al mismo tiempo,
    """),
    patterns=(
        "{s} {p} {a}, {c}.",
        "{o} {s} {p}, {c}.",
        "{s} {p}. En total, {n} personas habían firmado la carta {a}.",
        "«Hicimos lo que pudimos con lo que había», dijo {who} {a}, {c}.",
    ),
    titles=("{s} {p}", "{s} {p} {a}", "¿{s}? {n} cartas {a}"),
    sources=lines("""
        El Diario del Almirón
        La Voz de la Ñora
        Canal 9
        Radio Ría 105
    """),
    people=lines("""
        Begoña Muñiz Peña
        Íñigo de la Fuente
        María José Ayuso-Ferrer
    """),
    chrome=chrome_of("""
        Saltar al contenido
        Compartir esta noticia
        También le puede interesar
        Seguir leyendo
        Todavía no hay comentarios, escriba el primero
        Usamos cookies para contar las visitas; elija cuáles permite
        Reciba nuestra carta cada mañana, sin coste
        Todos los derechos reservados por el editor
        Publicidad
        Fotografía: archivo de la biblioteca comarcal
    """),
)

FRENCH = Language(
    "fr",
    subjects=lines("""
        le conseil municipal
        l’hôpital du canton
        le vieux port
        un groupe d’enseignants
        le musée de la colline
    """),
    predicates=lines("""
        a décidé de réparer le pont qui était fermé depuis le printemps
        ouvrira ses portes aux familles qui demandaient plus de temps
        n’a pas su dire combien de lettres se sont perdues en chemin
        cherche des bénévoles qui sachent encore réparer un filet
        veut garder le bus de nuit pendant au moins une année de plus
        a publié un rapport sur l’eau de la haute vallée
    """),
    adverbials=lines("""
        mardi dans la soirée
        après une réunion de plus de trois heures
        dans le nord du département
        avant la fin du mois
        pour la première fois depuis 1987
    """),
    clauses=lines("""
        et personne dans la salle n’en a été surpris
        parce que l’argent n’avait pas été dépensé quand il le fallait
        bien que certains des voisins aient préféré attendre
        ce que la maire leur avait promis à tous
        mais on ne sait pas encore qui va payer
    """),
    openers=lines("""
        cependant,
        selon le rapport,
        c’est pourquoi
        en même temps,
    """),
    patterns=(
        "{s} {p} {a}, {c}.",
        "{o} {s} {p}, {c}.",
        "{s} {p}. En tout, {n} personnes avaient signé la lettre {a}.",
        "«\u00a0Nous avons fait ce que nous pouvions\u00a0», a dit {who} {a}, {c}.",
    ),
    titles=("{s} {p}", "{s} {p} {a}", "{s}\u00a0: {n} lettres {a}"),
    sources=lines("""
        L’Écho des Vannes
        Le Courrier de l’Œuvre
        Canal Bleu 7
    """),
    people=lines("""
        Maëlle Quintard
        Jean-Noël d’Orvanne
        Zoé Lhuître
    """),
    chrome=chrome_of("""
        Aller au contenu
        Partager cet article
        Sur le même sujet
        Lire la suite
        Pas encore de commentaire, écrivez le premier
        Nous utilisons des cookies pour compter les visites
        Recevez notre lettre chaque matin, gratuitement
        Tous droits réservés par l’éditeur
        Publicité
        Photographie : archives de la bibliothèque
    """),
)
