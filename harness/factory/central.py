"""German, Portuguese, Italian. Own wording; all names are invented."""

from __future__ import annotations

from harness.factory.language import Language, chrome_of, lines

GERMAN = Language(
    "de",
    subjects=lines("""
        der Gemeinderat
        das Kreiskrankenhaus
        das alte Hafenamt
        eine Gruppe von Lehrern
        das Museum auf dem Hügel
    """),
    predicates=lines("""
        will die Brücke reparieren, die seit dem Frühjahr gesperrt ist
        öffnet bald die Türen für die Familien, die um mehr Zeit gebeten hatten
        konnte nicht sagen, wie viele der Briefe unterwegs verloren gingen
        sucht Freiwillige, die noch wissen, wie man ein Netz flickt
        möchte den Nachtbus noch für mindestens ein weiteres Jahr behalten
        hat einen Bericht über das Wasser im oberen Tal veröffentlicht
    """),
    adverbials=lines("""
        am Dienstagabend
        nach einer Sitzung von mehr als drei Stunden
        im Norden des Kreises
        noch vor dem Ende des Monats
        zum ersten Mal seit 1987
    """),
    clauses=lines("""
        und niemand im Saal war davon überrascht
        weil das Geld nicht ausgegeben wurde, als es nötig war
        obwohl einige der Nachbarn lieber gewartet hätten
        wie es die Bürgermeisterin allen versprochen hatte
        aber wer das alles bezahlen soll, ist noch nicht klar
    """),
    openers=lines("""
        nach dem Bericht gilt:
        dazu kommt:
        und das heißt:
    """),
    patterns=(
        "{s} {p}, {c}.",
        "{o} {s} {p}, {c}.",
        "{s} {p}. Insgesamt hatten {n} Menschen den Brief unterschrieben, und das {a}.",
        "„Wir haben getan, was wir mit dem wenigen konnten“, sagte {who} {a}, {c}.",
    ),
    titles=("{s} {p}", "{s}: {n} Briefe {a}"),
    sources=lines("""
        Grauenfelser Anzeiger
        Blick übers Öd
        Kanal 6
    """),
    people=lines("""
        Jorinde Hasselbach
        Kaspar Öhlmann
        Dr. Almut von der Straß
    """),
    chrome=chrome_of("""
        Zum Inhalt springen
        Diesen Artikel teilen
        Das könnte Sie auch interessieren
        Weiterlesen
        Noch keine Kommentare, schreiben Sie den ersten
        Wir zählen die Besuche mit Cookies; wählen Sie aus
        Unser Brief kommt jeden Morgen, kostenlos
        Alle Rechte beim Verlag vorbehalten
        Anzeige
        Foto: Archiv der Kreisbibliothek
    """),
)

PORTUGUESE = Language(
    "pt",
    subjects=lines("""
        o conselho da cidade
        o hospital da região
        o velho porto
        um grupo de professores
        o museu da colina
    """),
    predicates=lines("""
        decidiu reparar a ponte que estava fechada desde a primavera
        vai abrir as portas às famílias que pediam mais tempo
        não soube dizer quantas das cartas se perderam no caminho
        procura voluntários que ainda saibam remendar uma rede
        quer manter o ônibus da noite por pelo menos mais um ano
        publicou um relatório sobre a água do vale de cima
    """),
    adverbials=lines("""
        na terça-feira à noite
        depois de uma reunião de mais de três horas
        no norte do distrito
        antes do fim do mês
        pela primeira vez desde 1987
    """),
    clauses=lines("""
        e ninguém na sala ficou surpreso com isso
        porque o dinheiro não foi gasto quando devia
        embora alguns dos vizinhos preferissem esperar
        que é o que a prefeita tinha prometido a todos
        mas ainda não se sabe quem é que vai pagar
    """),
    openers=lines("""
        no entanto,
        segundo o relatório,
        por isso
        ao mesmo tempo,
    """),
    patterns=(
        "{s} {p} {a}, {c}.",
        "{o} {s} {p}, {c}.",
        "{s} {p}. Ao todo, {n} pessoas tinham assinado a carta {a}.",
        "“Fizemos o que era possível com o que havia”, disse {who} {a}, {c}.",
    ),
    titles=("{s} {p}", "{s} {p} {a}", "{s}: {n} cartas {a}"),
    sources=lines("""
        Folha do Cais
        Rádio Maré 98
        A Voz de São João
    """),
    people=lines("""
        Jandira Valença
        João Antônio Brandão
        Conceição d’Ávila
    """),
    chrome=chrome_of("""
        Ir para o conteúdo
        Compartilhar esta notícia
        Veja também estas histórias
        Continue lendo
        Ainda não há comentários, escreva o primeiro
        Usamos cookies para contar as visitas; escolha quais permite
        Receba a nossa carta todas as manhãs, de graça
        Todos os direitos reservados ao editor
        Publicidade
        Fotografia: arquivo da biblioteca
    """),
)

ITALIAN = Language(
    "it",
    subjects=lines("""
        il consiglio comunale
        l’ospedale della provincia
        il vecchio porto
        un gruppo di maestri
        il museo sulla collina
    """),
    predicates=lines("""
        ha deciso di riparare il ponte che era chiuso dalla primavera
        aprirà le porte alle famiglie che chiedevano più tempo
        non ha saputo dire quante delle lettere si sono perse per strada
        cerca volontari che sappiano ancora rammendare una rete
        vuole tenere l’autobus della notte almeno per un altro anno
        ha pubblicato un rapporto sull’acqua della valle alta
    """),
    adverbials=lines("""
        martedì sera
        dopo una riunione di più di tre ore
        nel nord della provincia
        prima della fine del mese
        per la prima volta dal 1987
    """),
    clauses=lines("""
        e nessuno nella sala ne è rimasto sorpreso
        perché il denaro non era stato speso quando si doveva
        anche se alcuni dei vicini avrebbero preferito aspettare
        che è quello che la sindaca aveva promesso a tutti
        ma non è ancora chiaro chi lo pagherà
    """),
    openers=lines("""
        tuttavia
        secondo il rapporto,
        per questo
        nello stesso tempo
    """),
    patterns=(
        "{s} {p} {a}, {c}.",
        "{o} {s} {p}, {c}.",
        "{s} {p}. In tutto, {n} persone avevano firmato la lettera {a}.",
        "«Abbiamo fatto quello che si poteva», ha detto {who} {a}, {c}.",
    ),
    titles=("{s} {p}", "{s} {p} {a}", "{s}: {n} lettere {a}"),
    sources=lines("""
        Il Corriere del Molo
        L’Eco dell’Alta Valle
        Tele 8
    """),
    people=lines("""
        Nicolò Dell’Orto
        Ginevra D’Angiò
        Pierluigi Barbagià
    """),
    chrome=chrome_of("""
        Vai al contenuto
        Condividi questo articolo
        Potrebbe interessarti anche
        Continua a leggere
        Non ci sono ancora commenti, scrivi il primo
        Usiamo i cookie per contare le visite; scegli quali permettere
        Ricevi la nostra lettera ogni mattina, senza spese
        Tutti i diritti sono riservati all’editore
        Pubblicità
        Fotografia: archivio della biblioteca
    """),
)
