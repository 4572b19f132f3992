"""Short stories written by rule: who wants what, what comes between, how it ends. Every story is told from a little world that stays consistent.

A template is text with [one|of|these] (each as likely, nested at will) and {names} of the world. `Teller` counts the probability of all that it
chooses, so that the entropy of the stories is known: at most what its choices cost (two ways of choosing may give the same text).

    python3 stories.py --count 5 --seed 1
"""

import argparse
import functools
import math
import random
import re
import sys

GIRLS = "Anna Bella Clara Daisy Ella Flora Grace Hazel Ivy Julia Kate Lily Mia Nora Olive Poppy Rosa Sophie Tilda Una Vera Wendy Yara Zoe".split()
BOYS = "Adam Ben Carl David Eli Finn Gus Henry Ivan Jack Karl Leo Max Noah Oscar Paul Quinn Robin Sam Tom Ugo Victor Will Yan".split()
FIRST, SECOND, THIRD = "Ba Da Fi Ga Lo Ma Mi Na Pi Ra Sa Ti Vo Za".split(), "la ri mo ne ti bo su ka de ro".split(), "n na s ra x th lo mi".split()
ANIMALS = "fox bear rabbit mouse owl frog hedgehog squirrel badger duck goat lamb cat puppy otter beaver turtle crow sparrow donkey".split()
CREATURES = "bird kitten rabbit lamb duckling hedgehog mouse puppy squirrel butterfly".split()
OLD = "grandmother grandfather aunt uncle".split()
TRADES = {"baker": ("bakery", "carry the flour", "a warm loaf of bread"), "miller": ("mill", "sweep the floor", "a sack of flour"),
          "farmer": ("farm", "feed the hens", "a basket of eggs"), "gardener": ("garden", "pull the weeds", "a bunch of roses"),
          "fisherman": ("harbour", "mend the nets", "a silver fish"), "shoemaker": ("workshop", "sort the nails", "a pair of boots"),
          "blacksmith": ("forge", "carry the coal", "a shiny horseshoe"), "weaver": ("cottage", "wind the wool", "a soft blanket"),
          "carpenter": ("workshop", "stack the boards", "a small wooden chair"), "beekeeper": ("orchard", "wash the jars", "a jar of honey")}
COLOURS = "red blue green yellow white purple orange golden silver brown".split()
TOYS = "kite ball drum boat hat scarf whistle key ring lantern basket bell book flute umbrella mitten button wagon doll spinning top".replace("spinning top", "top").split()
SIZES = "little big old new shiny tiny".split()
PLACES = {"forest": "under a tall tree", "meadow": "in the long grass", "river": "between two stones", "hill": "behind a grey rock", "market": "under an empty stall",
          "beach": "in the wet sand", "garden": "beside the rose bush", "bridge": "near the wooden rail", "barn": "on a pile of hay", "pond": "among the reeds",
          "village": "next to the well", "orchard": "below an apple tree"}
FOODS = "apple pie|honey cake|loaf of bread|bowl of soup|piece of cheese|plum tart|pot of jam|bag of nuts|basket of berries|jug of milk".split("|")
FEARS = {"the dark": ("night", "lit a small lamp", "the dark was only the day asleep"), "thunder": ("evening", "sang a loud song", "thunder was only noise"),
         "deep water": ("morning", "held a long rope", "water carries those who lie still"), "high places": ("afternoon", "climbed one step ahead", "looking up is easier than looking down"),
         "the old dog": ("day", "gave the dog a bone", "the dog only wanted company"), "the big wave": ("summer day", "jumped over a small wave first", "big waves are made of small ones")}
NOISES = {"a soft knocking": ("a branch", "was tapping on the window"), "a long whistle": ("the wind", "was blowing through the chimney"), "a strange scratching": ("a mouse", "was looking for crumbs"),
          "a deep rumble": ("{his} {old}", "was snoring in the next room"), "a sad cry": ("a lost kitten", "was sitting on the doorstep"), "a loud hoot": ("an owl", "was calling from the roof"),
          "a slow dripping": ("the rain", "was falling through a hole in the roof")}
TRAPS = {"stuck in the mud": ("a long branch", "pulled"), "caught in a net": ("a small knife", "cut"), "high up in a tree": ("a ladder", "climbed"), "at the bottom of a well": ("a bucket and a rope", "lowered"),
         "on a rock in the river": ("a wooden plank", "laid"), "under a fallen fence": ("a strong pole", "lifted")}
FREES = {"pulled": "[reached out with it|held it out] and pulled with all {his} strength", "cut": "used it to cut the net, one knot after another",
         "climbed": "put it against the tree and climbed up, step by step", "lowered": "tied the rope to the wall and lowered the bucket very slowly",
         "laid": "laid it across the water and walked over it", "lifted": "pushed it under the wood and lifted the fence a little"}
SEEDS = {"pumpkin": ("a huge orange pumpkin", "pumpkin soup"), "sunflower": ("a sunflower as tall as the house", "a bag of seeds for the birds"), "bean": ("a long green vine full of beans", "a pot of beans"),
         "apple": ("a small tree with three red apples", "an apple pie"), "strawberry": ("a row of sweet strawberries", "strawberry jam"), "carrot": ("the longest carrot in the village", "a carrot cake")}
GIFTS = {"a paper boat": ("paper", "folded"), "a wooden horse": ("wood", "carved"), "a warm scarf": ("wool", "knitted"), "a clay cup": ("clay", "shaped"), "a flower crown": ("daisies", "tied"),
         "a small drum": ("an old pot", "painted"), "a honey cake": ("flour and honey", "baked"), "a bright lantern": ("glass", "cut")}
WEATHERS = {"sunny": "The sun was warm", "windy": "The wind blew the leaves about", "cold": "The air was cold and clear", "foggy": "Grey fog lay over the fields", "rainy": "It had rained all night", "snowy": "Snow lay on the roofs"}
SKILLS = {"swim": ("swallowed a lot of water", "swam across the pond"), "whistle": ("blew only air", "whistled a whole song"), "read": ("mixed up the letters", "read a page aloud"),
          "dance": ("stepped on a foot", "danced through the whole room"), "skate": ("fell on the ice", "skated in a big circle"), "bake": ("burnt the bread", "took a golden loaf out of the oven"),
          "ride": ("slid off the pony", "rode all the way to the mill"), "juggle": ("dropped the apples", "juggled with three apples"), "play the flute": ("made a terrible noise", "played a soft tune"),
          "fly a kite": ("ran into a bush", "let the kite rise above the roofs")}
HERBS = {"blue thyme": "on the top of the hill", "wild mint": "beside the cold spring", "sweet sage": "between the rocks by the sea", "white clover": "behind the old mill",
         "mountain tea": "above the waterfall", "red nettle": "in the darkest part of the forest", "silver moss": "on the north side of the church"}
GOOD = "[kind|brave|clever|cheerful|gentle|patient|curious|friendly|quiet|merry|polite|hopeful]"
GLAD = "[happy|glad|proud|full of joy|very happy]"
SAD = "[sad|unhappy|close to tears|very sad]"
ONCE = {"good": GOOD, "old": f"[{'|'.join(OLD)}]"}
TREES, BIRDS, FRUITS = "[oak|birch|willow|pine|beech|linden]", "[blackbird|robin|lark|dove|magpie|cuckoo]", "[apples|pears|plums|cherries|nuts|berries]"
THINGS = "[a piece of string|a red apple|a small stone|an old map|two buttons|a feather|a pencil|a bottle of water|a handkerchief|a slice of bread|a tin box|a candle|a pair of gloves|a letter|a blue marble]"
NUMBERS = "[two|three|four|five|six|seven|eight|nine|ten|twelve]"
PEOPLE = "[baker|miller|farmer|gardener|fisherman|shoemaker|blacksmith|weaver|carpenter|beekeeper|postman|teacher|shepherd|doctor|sailor]"
SCENES = (
    f"A {BIRDS} sang in [a|the old|a tall] {TREES}.", f"In {{his}} [bag|basket|pocket] {{he}} had {THINGS} and {THINGS}.", f"On the way {{he}} ate {NUMBERS} {FRUITS}.",
    f"{{He}} passed a {TREES} and counted {NUMBERS} [birds|nests|branches|squirrels] in it.", f'"Good [morning|day], {{name}}!" called the {PEOPLE}. "[How are you|Where are you going|What is new]?"',
    f"A {PEOPLE} with a [white|grey|straw|green] hat came along and [nodded|waved|smiled|whistled].", f"The [church|school|tower] bell rang {NUMBERS} times.",
    "It smelled of [fresh bread|wet grass|smoke|flowers|the sea|hay|rain].", f"{NUMBERS} [white|grey|brown|black] [geese|sheep|cows|hens|horses] stood by the [road|fence|gate|water] and looked at {{him}}.",
    "{He} wore {his} [warm|old|best|green|blue|woollen] [coat|jacket|cap|boots] and carried a [stick|small bag|basket].", f"A {BIRDS} flew over the {{place}} and [called|sang|was gone].",
    f"{{name}} [thought of|remembered] {{his}} {{old}}, who used to say that [every road has an end|morning is wiser than evening|a smile costs nothing|one must listen twice and speak once].",
    f"By the road grew {FRUITS}, and {{name}} [took some|left them for the birds|ate a few].", "[A little later|Soon|After a while] {he} [sat down|stopped] to [rest|tie {his} shoe|drink|look at the clouds].",
    f"One cloud looked like [a ship|a horse|a whale|a castle|a shoe], another like [a cat|a cake|a mountain|a snail].", f"{{He}} found {THINGS} on the ground and put it into {{his}} pocket.".replace("two buttons|", "").replace("a pair of gloves|", ""),
    '"La la la," sang {name}, and [an echo|the wind|a cricket] [answered|sang along].')
MORALS = {"help": "[Help comes back to those who give it.|Small friends can be great friends.|A good deed is never lost.]",
          "share": "[Food tastes best when it is shared.|Half a meal with a friend is better than a whole one alone.|What you give away comes back.]",
          "try": "[Those who keep trying get there in the end.|Good work is worth more than luck.|Slow steps also climb the hill.]",
          "truth": "[The truth is lighter to carry than a lie.|An honest word mends many things.|Saying sorry takes courage.]",
          "fear": "[Fear grows small when you look at it.|Being brave is being afraid and going on.|With a friend, the night is not so long.]",
          "look": "[Look first, and then be afraid.|Things are often not what they seem.|Most monsters have a simple name.]"}


@functools.lru_cache(maxsize=None)
def parse(template: str):
    """A template as a list of texts, names (as 1-tuples) and choices (lists of templates)."""
    parts, at, depth, begin = [], 0, 0, 0
    for i, c in enumerate(template):
        if c == "[":
            if depth == 0:
                parts += split_names(template[at:i])
                begin, choices = i + 1, []
            depth += 1
        elif c == "|" and depth == 1:
            choices.append(template[begin:i])
            begin = i + 1
        elif c == "]":
            depth -= 1
            if depth == 0:
                parts.append(choices + [template[begin:i]])
                at = i + 1
    if depth:
        raise ValueError(f"unclosed bracket: {template}")
    return parts + split_names(template[at:])


def split_names(text: str) -> list:
    pieces = re.split(r"\{(\w+)\}", text)
    return [piece if i % 2 == 0 else (piece,) for i, piece in enumerate(pieces) if piece]


class Teller:
    """Chooses, and keeps the world. `cost` is minus the logarithm (nats) of the probability of all choices so far."""

    def __init__(self, rng: random.Random):
        self.rng, self.cost, self.world, self.said = rng, 0.0, {}, []

    def pick(self, options):
        options = options if isinstance(options, (list, tuple)) else list(options)
        self.cost += math.log(len(options))
        return options[int(self.rng.random() * len(options))]

    def chance(self, probability: float) -> bool:
        happens = self.rng.random() < probability
        self.cost -= math.log(probability if happens else 1 - probability)
        return happens

    def fill(self, template: str) -> str:
        text = ""
        for part in parse(template):
            if isinstance(part, str):
                text += part
            elif isinstance(part, tuple):
                value = self.world[part[0]] if part[0] in self.world else self.draw(part[0])
                text += self.fill(value) if "{" in value or "[" in value else value
            else:
                text += self.fill(self.pick(part))
        return text

    def draw(self, name: str) -> str:
        """What a story tells at most once in passing is drawn when it is first told, and stays."""
        self.world[name] = self.fill(ONCE[name])
        return self.world[name]

    def set(self, **values):
        """Fills once what is to stay the same in the whole story."""
        for name, value in values.items():
            self.world[name] = self.fill(value)

    def say(self, *templates: str, chance: float = 1.0):
        """One of the templates as the next sentence or two; with a chance below 1, or nothing."""
        if chance == 1 or self.chance(chance):
            text = self.fill(self.pick(templates) if len(templates) > 1 else templates[0])
            text = re.sub(r"\b([Aa]) (?=[aeiouAEIOU])", r"\1n ", re.sub(r" +", " ", text.strip()))
            self.said.append(text[0].upper() + text[1:])
            return True
        return False

    def name(self, is_girl: bool) -> str:
        if self.chance(0.15):
            return self.pick(FIRST) + self.pick(SECOND) + self.pick(THIRD)
        return self.pick(GIRLS if is_girl else BOYS)

    def person(self, role: str, avoid=()):
        """A child or an animal: its name, how it is introduced, its pronouns; names in the world end in the role ('' is the hero)."""
        is_girl, is_animal = self.chance(0.5), self.chance(0.45)
        name = self.name(is_girl)
        while name in avoid:
            name = self.pick(GIRLS if is_girl else BOYS)
        kind = self.pick(ANIMALS) if is_animal else "girl" if is_girl else "boy"
        pronouns = ("she", "her", "her") if is_girl else ("he", "him", "his")
        for key, value in zip(("he", "him", "his"), pronouns):
            self.world[key + role] = value
            self.world[key.capitalize() + role] = value.capitalize()
        self.world.update({"name" + role: name, "kind" + role: kind})
        return name

    def thing(self):
        self.set(look="[{colour}|{size} {colour}]" if self.chance(0.7) else "{size}", toy=self.pick(TOYS))


def begin(t: Teller):
    """Hero, place, weather: the first sentences of every plot."""
    t.person("")
    place = t.pick(list(PLACES))
    t.world.update(place=place, spot=PLACES[place], glad=GLAD, sad=SAD, colour=f"[{'|'.join(COLOURS)}]", size=f"[{'|'.join(SIZES)}]")
    t.say("Once upon a time there was a {good} {kind} named {name}.", "Once upon a time, a {good} {kind} called {name} lived near the {place}.",
          "There once was a {kind} whose name was {name}.", "{name} was a {good} {kind} who lived by the {place}.", "Near the {place} lived a {kind} named {name}.",
          "Long ago, in a small house by the {place}, lived a {good} {kind} called {name}.")
    t.say("Everyone [knew|liked] {him}, [because|for] {he} was always {good}.", "{name} [loved to sing|loved to run|loved to read|liked to ask questions|liked long walks|liked to count the stars].", chance=0.3)
    scene(t, 0.3)


def scene(t: Teller, chance: float = 0.5):
    """Something small on the way, or two such things."""
    first = t.say(*SCENES, chance=chance)
    if first:
        t.say(*SCENES, chance=0.3)


def weather(t: Teller):
    kind = t.pick(list(WEATHERS))
    t.world["weather"] = kind
    t.say(f"One {kind} [morning|afternoon|day], ""{name} [went|walked|ran] to the {place}.", f"It was a {kind} [morning|day]. {WEATHERS[kind]}, and ""{name} went out to the {place}.",
          f"{WEATHERS[kind]} when ""{name} set out for the {place}.")
    scene(t, 0.6)


def friend(t: Teller, role="2"):
    t.person(role, avoid=(t.world["name"],))
    t.say(f"{{his}} [best friend|friend|neighbour] was a {{kind{role}}} named {{name{role}}}.", f"{{name}} had a friend, a {{kind{role}}} named {{name{role}}}.",
          f"{{name{role}}}, a {GOOD} {{kind{role}}}, was {{his}} friend.")


def end(t: Teller, moral: str):
    t.say("That evening {name} [slept well|fell asleep at once|told the whole story at supper|looked at the stars for a long time].", "From that day on, {name} was [never|no longer] [lonely|sad|afraid].",
          "And {name} [never forgot|always remembered] that day.", "They lived happily [ever after|for many years].", "{name} smiled all the way home.", chance=0.6)
    t.say(MORALS[moral], chance=0.4)


def lost(t: Teller):
    begin(t)
    t.thing()
    t.say("{name} had a {look} {toy} that {he} [loved very much|took everywhere|got from {his} {old}|kept under {his} pillow].", "More than anything {he} loved {his} {look} {toy}.")
    weather(t)
    t.say("On the way {he} [jumped over a ditch|chased a butterfly|stopped to pick flowers|climbed over a fence|met a flock of sheep], and the {toy} [fell|slipped] out of {his} [bag|pocket|hands].",
          "{He} played until noon. Then {he} [saw|noticed] that the {toy} was gone.")
    t.say('"Oh no! Where is my {toy}?" [cried|said|asked] {name}.', '"My {look} {toy} is gone!" [cried|said] {name}.', "{name} was {sad}. Without the {toy}, nothing was fun.")
    t.person("2", avoid=(t.world["name"],))
    false = t.pick([p for p in PLACES if p != t.world["place"]])
    t.world["false"] = false
    if t.chance(0.6):
        t.say("First {he} looked in the {false}, but it was not there.", "{He} searched the whole {false} and found nothing.", f"{{He}} looked {PLACES[false]}. There was nothing.")
    t.say("Then {he} met {name2} the {kind2}.", f"{{name2}}, a {GOOD} {{kind2}}, came along the path.", "On the road stood a {kind2} named {name2}.")
    t.say('"Have you seen a {look} {toy}?" asked {name}.', '"Please help me find my {toy}," said {name}.')
    if t.chance(0.75):
        t.say('"Yes," said {name2}. "I saw it at the {place}, {spot}."', '"I think so," {name2} [answered|said]. "Something {look} lies {spot}."', '{name2} nodded. "Look {spot}," {he2} said.')
        t.say("{name} ran back to the {place}, and there it was, {spot}.", "They went [there together|back together] and found the {toy} {spot}.", "And [indeed|truly], {spot} lay the {look} {toy}.")
    else:
        t.say('"No," said {name2}, "but two of us see more than one."', '"No," said {name2}, "but I will help you look."')
        t.say("They looked [everywhere|for a long time]. At last {name2} [found|saw] the {toy} {spot}.", "Side by side they searched, and {spot} they found the {toy}.")
    t.say('"Thank you, {name2}!" [said|cried] {name}. {He} was {glad}.', "{name} [hugged|thanked] {name2} and was {glad}.", "{name} was {glad}, and so was {name2}.")
    t.say("From then on they played with the {toy} together.", "Since then {he} has tied the {toy} to {his} belt.", "{name} let {name2} hold the {toy} all the way home.", chance=0.5)
    end(t, "help")


def earn(t: Teller):
    begin(t)
    t.thing()
    trade = t.pick(list(TRADES))
    shop, chore, _ = TRADES[trade]
    t.world.update(trade=trade, shop=shop, chore=chore)
    t.say("In the window of a shop {he} saw a {look} {toy}.", "{He} [wished for|wanted] a {look} {toy} more than anything.")
    t.say("But {he} had [no money|only one coin|nothing to give for it].", '"That costs [three|five|ten] coins," said the seller. {name} had [only one|none].')
    t.say("So {he} went to the {shop}, where the {trade} was [working|busy|tired].", "The next [day|morning] {he} [knocked|called] at the {shop} of the {trade}.")
    t.say('"Can I help you?" asked {name}. "You can {chore}," said the {trade}.', '"If you {chore}, I will pay you," said the {trade}.', "The {trade} needed someone to {chore}.")
    t.say("{name} began to {chore}. It was [hard|slow|heavy] work, but {he} did not [stop|give up|complain].", "All [day|week] {name} helped to {chore}, and {he} even sang.")
    t.say("{His} [arms|hands|feet] hurt, yet {he} [kept on|went on] until the sun went down.", "At noon {he} wanted to go home, but {he} stayed.", chance=0.4)
    if t.chance(0.6):
        t.say('"You have worked well," said the {trade} and gave {him} the coins.', "In the evening the {trade} paid {him} [well|with a smile].")
        t.say("{name} ran to the shop and bought the {look} {toy}.", "With the coins in {his} hand, {he} went and bought the {toy}.")
    else:
        t.set(gift=TRADES[trade][2])
        t.say("The {trade} had no coins and gave {him} {gift}.", '"Take {gift}," said the {trade}, "it is all I have."')
        t.say("At the shop, {name} [traded|gave away] {gift} for the {look} {toy}.", 'The seller looked at {gift} and smiled. "A fair trade," she said, and gave {him} the {toy}.')
    t.say("{He} was {glad}, because {he} had earned it alone.", "Never had a {toy} [looked|seemed] so [fine|beautiful].")
    end(t, "try")


def rescue(t: Teller):
    begin(t)
    weather(t)
    victim, trap = t.pick(CREATURES), t.pick(list(TRAPS))
    tool, way = TRAPS[trap]
    t.world.update(victim=victim, trap=trap, tool=tool, way=FREES[way])
    t.say("There {he} heard a [small|thin|weak] voice. A {victim} was {trap}!", "Suddenly {he} saw a {victim}. It was {trap} and could not get away.")
    t.say('"Help me, please!" [cried|called] the {victim}.', "The {victim} [shook|cried] with fear.", '"Do not be afraid," said {name}.', chance=0.7)
    t.say("{name} looked around and found {tool}.", "{He} ran home and came back with {tool}.", "{name} thought for a moment. Then {he} fetched {tool}.")
    t.say("{He} {way}, and [at last|soon] the {victim} was free.", "Carefully {he} {way}. The {victim} was free!")
    t.say('"Thank you," said the {victim}. "I will not forget this."', '"You saved me!" said the {victim}.', "The {victim} [thanked {him}|bowed] and was gone.")
    if t.chance(0.6):
        t.say("[Some days|A week|A month] later {name} lost {his} way [in the fog|in the dark|in a snow storm].", "[Some days|A week|A month] later {name} fell and hurt {his} foot.")
        t.say("Then the {victim} came and [led {him} home|showed {him} the way|fetched help].", 'A voice said, "Follow me." It was the {victim}.')
    t.say("{name} was {glad} [to have a new friend|all day long|to have helped].", "Since then the two [have been friends|meet every day at the {place}].")
    end(t, "help")


def share(t: Teller):
    begin(t)
    t.set(food=t.pick(FOODS))
    t.say("One day {his} {old} gave {him} a {food}.", "{His} {old} had made a {food} for {him}.", "For {his} birthday {he} got a {food} from {his} {old}.")
    friend(t)
    t.say("{name2} was [hungry|cold and hungry|tired and hungry] and had nothing to eat.", '"I have not eaten since yesterday," said {name2}.')
    if t.chance(0.5):
        t.say('"This is mine," said {name} and turned away.', "But {name} wanted to keep the {food} for [later|{his} own supper]. {He} hid it in {his} bag.")
        t.say("{name2} went away [without a word|with a sad face].", '"I see," said {name2} quietly.')
        t.say("{name} sat down to eat, but the {food} did not taste [good|right].", "Alone at the table, {name} could not [eat|enjoy it].")
        t.say('{He} ran after {name2}. "I am sorry," {he} said. "Half of it is yours."', 'So {he} looked for {name2} and said, "Come, let us share it."')
        t.say("{name2} [smiled|laughed], and they ate the {food} [together|side by side].", "Together they ate, and the {food} was [sweet|good] again.")
    else:
        t.say('"Take half of my {food}," said {name}.', "{name} did not think long and gave {him2} half of the {food}.")
        t.say("{name2} ate and [felt better|grew warm|smiled again].", '"You are a true friend," said {name2}.')
        if t.chance(0.6):
            t.set(back=t.pick(FOODS))
            t.say("The next day {name2} brought {name} a {back}.", "In winter, when {name} had nothing left, {name2} came with a {back}.")
    t.say("They were {glad}.", "Both had enough, and {name} was {glad}.", "{name} was {glad}, and {name2} sang a song.")
    end(t, "share")


def fear(t: Teller):
    begin(t)
    what = t.pick(list(FEARS))
    time, deed, learnt = FEARS[what]
    t.world.update(fear=what, time=time, deed=deed, learnt=learnt)
    t.say("{name} was afraid of {fear}.", "Only one thing frightened {him}: {fear}.", "But {he} was so afraid of {fear} that {he} often stayed at home.")
    friend(t)
    t.say("One {time} {name2} said, \"Come with me to the {place}.\"", '"Let us go to the {place}," said {name2} one {time}.')
    t.say('"I cannot," said {name}. "I am afraid of {fear}."', "{name} shook {his} head. {His} knees were weak.", '"What about {fear}?" asked {name}.')
    t.say('"I was afraid too," said {name2}.', '"Then I will stay with you," said {name2}.', '"Take my hand," said {name2}.')
    t.say("{name2} {deed}.", "Then {name2} {deed} and [waited|smiled].")
    t.say("{name} [followed|came after {him2}], one [small|slow] step at a time.", "{name} took a deep breath and [tried|went on].", "{His} heart beat fast, but {he} did not turn back.")
    t.say("And {he} saw that {learnt}.", "Soon {he} understood that {learnt}.", '"Now I know," said {name}, "that {learnt}."')
    t.say("{He} laughed and was {glad}.", '"I did it!" [cried|said] {name}.', "{name2} clapped {his2} hands.")
    end(t, "fear")


def noise(t: Teller):
    begin(t)
    sound = t.pick(list(NOISES))
    who, does = NOISES[sound]
    t.set(sound=sound, who=who, does=does)
    t.say("One night {name} woke up because of {sound}.", "In the middle of the night {he} heard {sound}.", "{name} was almost asleep when there was {sound}.")
    t.say('"[Is it a ghost|A monster|Who is there]?" [thought|whispered] {name}.', "{He} pulled the blanket over {his} head.", "{His} heart beat like a drum.")
    t.say("There it was again: {sound}!", "It came again, [louder|nearer] than before.", chance=0.5)
    t.say("{He} took [a candle|a broom|{his} lantern|a big spoon] and [walked|went] slowly [down the stairs|to the door|across the room].", "At last {he} got up and [looked|went to see] [behind the door|out of the window].")
    t.say("And what did {he} see? It was {who} that {does}.", "There was no monster. It was {who} that {does}.", "It was only {who}. It {does}.")
    t.say('{name} laughed. "[So it is you|I was afraid of nothing|What a funny ghost]!"', "{name} laughed until {he} was tired.", "{He} went back to bed and was {glad}.")
    end(t, "look")


def quarrel(t: Teller):
    begin(t)
    friend(t)
    t.thing()
    t.say("They had a {look} {toy}, and both wanted it.", "One day they found a {look} {toy} at the {place}.")
    t.say('"I saw it first!" said {name}. "No, I did!" said {name2}.', '"It is mine!" [cried|shouted] {name}. "Mine!" [cried|shouted] {name2}.')
    t.say("They pulled and pulled until the {toy} [broke|was torn in two|fell to pieces].", "{name} pulled on one side, {name2} on the other. Crack! The {toy} was broken.")
    t.say("Now nobody could play, and both were {sad}.", "Then it was very quiet. {name2} went home without a word.", "For [a day|two days|a week] they did not speak.")
    t.say('"I am sorry," said {name}. "It was my fault too," said {name2}.', '{name} went to {name2} and said, "I am sorry. A friend is worth more than a {toy}."')
    t.say("Together they [mended|repaired] the {toy} with [glue|thread|a little nail|string].", "They took [glue|thread|string] and mended the {toy}.")
    t.say("It was not as [fine|pretty] as before, but they [liked it even more|were {glad}].", "Now it was [red|blue|green|yellow] on one side, and it belonged to both of them.", "After that they took turns.")
    end(t, "truth")


def garden(t: Teller):
    begin(t)
    seed = t.pick(list(SEEDS))
    t.set(seed=seed, grown=SEEDS[seed][0], meal=SEEDS[seed][1])
    t.say("In spring {his} {old} gave {him} a {seed} seed.", "One day {he} found a {seed} seed [in {his} pocket|on the road|in an old box].")
    t.say("{name} put it into the [ground|earth] beside the house.", "{He} dug a hole and planted it [in the garden|behind the house|near the gate].")
    t.say("Every [day|morning|evening] {he} [watered it|gave it water|brought it a cup of water].")
    if t.chance(0.6):
        t.say("But nothing happened. [A week went by|Two weeks went by|Many days went by].", '"Why does it not grow?" asked {name}.')
        t.say('"Be patient," said {his} {old}. "Good things take time."', '"Wait," said {his} {old}. "It is growing under the ground."')
    if t.chance(0.4):
        t.say("Then a [hungry crow|fat snail|goat] came and wanted to eat the [little|first] leaves, but {name} [built a fence|chased it away|gave it some bread instead].")
    t.say("At last a small green leaf came out of the earth.", "Then one morning there was a tiny green leaf.", "In May {he} saw the first green leaf.")
    t.say("It grew and grew, and in [summer|autumn] there was {grown}.", "By the end of summer {he} had {grown}.")
    t.say("They made {meal} from it.", "From it they made {meal}.", "{name} made {meal} and took some to [the neighbours|everyone in the village|{his} {old}].")
    t.say("It was the best {he} had ever tasted." if seed != "sunflower" else "The birds sang for {him} every morning.", "{name} was {glad}.")
    end(t, "try")


def gift(t: Teller):
    begin(t)
    friend(t)
    what = t.pick(list(GIFTS))
    t.world.update(gift=what, stuff=GIFTS[what][0], made=GIFTS[what][1])
    t.say("It was the birthday of {name2}, and {name} had no gift.", "Tomorrow was the birthday of {name2}. What could {name} give {him2}?")
    t.say("{He} looked in the shop, but everything [cost too much|was too dear].", "{He} thought about it all night.", chance=0.6)
    t.say('Then {he} found some {stuff}. "I will make {gift}!" said {name}.', "At home there was some {stuff}. So {he} decided to make {gift}.")
    t.say("{He} {made} and {made} until [late at night|{his} fingers hurt|the moon came up].", "All [day|evening] {he} sat at the table and {made}.")
    t.say("The first one [broke|was ugly|fell down], so {he} began again.", "It was not easy, but {he} did not give up.", chance=0.5)
    t.say("In the morning {he} gave {name2} {gift}.", "At the party {name2} opened the box. In it was {gift}.")
    t.say('"Did you make it for me?" asked {name2}. "It is the best gift of all!"', '"I have never had [such a gift|anything so beautiful]," said {name2}.', "{name2} [laughed|danced] with joy and hugged {name}.")
    end(t, "try")


def lie(t: Teller):
    begin(t)
    t.set(broken="the [blue|white|old] [vase|plate|jug|window|clock|lamp]")
    friend(t)
    t.say("One day {name} was playing in the house and broke {broken}.", "While {name} was jumping on the bed, {broken} fell down and broke.")
    t.say('"Who did this?" asked {his} {old}.', "{his} {old} came in and saw it.")
    t.say('"It was {name2}," said {name}.', 'Quickly {name} said, "It was {name2}."', '"I do not know," said {name}. "Maybe {name2}."')
    t.say("So {name2} was not allowed to [visit|play|come] any more.", "{name2} said nothing, but {he2} looked very {sad}.")
    t.say("That night {name} could not sleep.", "{name} felt as if {he} had swallowed a stone.", "The supper did not taste good to {name}.")
    t.say('In the morning {he} said, "It was me. I broke {broken}."', 'At last {he} went to {his} {old} and told the truth.')
    t.say('"Thank you for telling me," said {his} {old}.', "{his} {old} was not angry.", '"That was brave," said {his} {old}.')
    t.say("Then {name} ran to {name2} and said sorry. They were friends again.", '"Can you forgive me?" {name} asked {name2}. "[Yes|Of course|I already have]," said {name2}.')
    end(t, "truth")


def race(t: Teller):
    begin(t)
    friend(t)
    t.set(goal="the [old oak|bridge|mill|church|big stone|well]", prize="a [golden cup|blue ribbon|basket of pears|silver medal|new hat]")
    t.say("One day there was a race from the {place} to {goal}. The prize was {prize}.", "Whoever came first to {goal} was to get {prize}.")
    t.say('"I am the fastest," said {name2}. "Nobody can beat me."', "{name2} was fast, and {name} was slow.", "Everyone thought that {name2} would win.")
    t.say("One, two, three, go! They ran [as fast as the wind|over sticks and stones|down the hill].", "They all began to run.")
    kind = t.pick([0, 1, 2])
    if kind == 0:
        t.say("{name2} was so far ahead that {he2} [lay down to rest|stopped to eat|sat down under a tree].", "Half way, {name2} looked back, laughed, and fell asleep in the grass.")
        t.say("{name} did not stop. Step by step {he} came nearer, and {he} reached {goal} first.", "{name} went on and on, and when {name2} woke up, {name} had already won.")
        t.say("So {name} got the prize.", '"How did you do that?" asked {name2}. "I just kept going," said {name}.')
    elif kind == 1:
        t.say("Near the end {name2} [fell and hurt {his2} leg|stepped into a hole|twisted {his2} foot].", "Then {name2} [fell|tripped] over a root.")
        t.say("{name} could have won, but {he} stopped and helped {him2} up.", "{name} turned back. \"Lean on me,\" {he} said.")
        t.say("They [walked|went] to {goal} together, and both got the prize.", "They came last, but everybody [cheered|clapped].")
    else:
        t.say("{name} ran and ran, but {name2} was faster and won.", "In the end {name2} was first and got the prize.")
        t.say('"Well done!" said {name} and shook {his2} hand.', '"Next year I will train more," said {name}.')
        t.say("{name2} let {him} hold the prize.", "And the next year {name} won.")
    end(t, "try")


def storm(t: Teller):
    begin(t)
    friend(t)
    t.set(plan="[fly a kite|have a picnic|swim|pick berries|build a house of sticks|look for shells]")
    t.say("They wanted to {plan} at the {place}.", '"Today we will {plan}," said {name}.')
    t.say("But when they came to the {place}, dark clouds [came up|covered the sun].", "Suddenly it began to [rain|thunder|snow|hail].")
    t.say('"What a pity!" said {name2}.', '"We must find shelter," said {name2}.', '"Run!" cried {name2}.')
    t.set(shelter="a [cave|barn|hollow tree|small hut|mill]")
    t.say("They ran and found {shelter}.", "Not far away was {shelter}, and they crept in.")
    t.say("Inside they [told each other stories|played a game with pebbles|sang songs|shared some bread|drew pictures in the dust].", "It was [dry|warm] inside, and they [told stories|sang songs|ate nuts] until it was over.")
    t.say("They even met [an old bat|a shy deer|a family of mice|a tired traveller], who [knew many stories|taught them a new song|had been waiting there too].", chance=0.4)
    t.say("Then the [rain|storm] stopped, and a rainbow stood over the {place}.", "When the sun came out again, everything shone.")
    t.say('"That was better than our plan," said {name}.', "In the end they could {plan} after all.", '"Tomorrow we will {plan}," said {name2}, "but today was good as well."')
    t.say("They walked home, tired and {glad}.", "Both were wet and {glad}.")
    end(t, "fear")


def learn(t: Teller):
    begin(t)
    skill = t.pick(list(SKILLS))
    t.world.update(skill=skill, first=SKILLS[skill][0], done=SKILLS[skill][1])
    t.say("{name} wanted to learn to {skill}.", "All {his} friends could {skill}. Only {name} could not.")
    friend(t)
    t.say('"Can you teach me to {skill}?" {name} asked {name2}.', '"It is easy," said {name2}. "I will show you."')
    t.say("The first time {he} {first}. The second time {he} {first} again.", "But {name} {first}, and everybody [laughed|looked].", "{He} tried, and {first}.")
    t.say('"I will never learn it," said {name}. {He} was {sad}.', '"Once more," said {name2}.', '"Everyone {first} at the beginning," said {name2}.')
    scene(t, 0.3)
    t.say(f"Every [day|evening] they [practised|tried] {NUMBERS} times.", f"After {NUMBERS} days {{he}} was already [a little|much] better.")
    t.say("Then, on a [bright|windy|quiet] morning, {name} {done}!", "And one day {he} {done}, as if it had always been easy.")
    t.say('"I can {skill}!" cried {name}.', "{name2} [clapped|cheered], and {name} was {glad}.")
    end(t, "try")


def treasure(t: Teller):
    begin(t)
    places = list(PLACES)
    t.world["far"] = t.pick([p for p in places if p != t.world["place"]])
    t.world["there"] = PLACES[t.world["far"]]
    t.say("In the attic {he} found an old map.", "One day {he} found a map in a bottle.", "{His} {old} had left {him} an old map.")
    t.say('On it was written: "Go to the {far}. Look {there}."', "A red cross showed the {far}, and below it stood the words: {there}.")
    friend(t)
    t.say('"A treasure!" said {name2}. "Let us go!"', '"Will you come with me?" {name} asked {name2}.', "{name} showed {name2} the map.")
    scene(t, 0.7)
    t.say("It was a long way to the {far}.", f"They walked for {NUMBERS} hours and came to the {{far}}.", "At the {far} they [read the map again|looked around].")
    t.say("They dug {there}, and [soon|at last] the spade hit a [box|chest].", "{there} stood an iron [box|chest].", "There, {there}, lay a small [box|chest].")
    t.set(content=f"[{NUMBERS} gold coins|{THINGS}|old letters|a crown|seeds of many flowers]")
    t.say("In it they found {content}.", '"Open it!" said {name2}. Inside there was nothing but {content}.')
    t.say('"We will [share it|keep it safe|show it to everyone]," said {name}.', "{name2} laughed. \"The best part was the way,\" {he2} said.", "They [shared it|gave it to the poor|hid it again for other children].")
    end(t, "share")


def ill(t: Teller):
    begin(t)
    herb = t.pick(list(HERBS))
    t.world.update(herb=herb, grows=HERBS[herb])
    friend(t)
    t.say("One day {name2} was ill and had to stay in bed.", "In winter {name2} caught a bad cold.", '"{name2} has a fever," said the doctor.')
    t.say('"Only {herb} can help," said the doctor.', '"{His2} throat needs {herb}," said {his} {old}.', "Everyone knew that {herb} would help, but there was none left.")
    t.say("It grows only {grows}.", '"Where does it grow?" asked {name}. "It grows {grows}."')
    t.say("So {name} [took a lamp|put on warm boots|packed some bread] and set out.", "{name} did not wait and went at once.")
    scene(t, 0.7)
    t.say("The way was [steep|dark|long], but {he} [sang to keep up {his} courage|thought of {name2}|did not turn back].", f"{{He}} walked for {NUMBERS} hours.")
    t.say("And there, {grows}, {he} found {herb}.", "At last {he} came to the place, and {grows} {he} saw {herb}.")
    t.say("{He} ran home and made tea from it.", "At home {his} {old} cooked it with honey.")
    t.say("The next [day|morning] {name2} [could get up|was better|ate a big breakfast].", "{name2} drank it, slept, and woke up well.")
    t.say('"You went so far for me!" said {name2}.', "{name} was {glad}.", "Since then they have always looked after each other.")
    end(t, "help")


def wish(t: Teller):
    begin(t)
    t.thing()
    t.set(giver="a [golden fish|small fairy|kind wizard|talking frog|white deer]")
    t.say("One [night|evening|morning] {giver} came to {him}.", "At the {place} {he} met {giver}, who was [cold. {name} lit a fire for it|hungry. {name} gave it some bread|thirsty. {name} brought it fresh water].")
    t.say('"You have one wish," it said.', '"Tell me your wish, and it will come true," it said.')
    t.say("{name} thought of a {look} {toy}, of a castle, and of a mountain of cake.", '"I could be rich," thought {name}, "or have a {look} {toy}."', "{He} thought about it for a long time.")
    scene(t, 0.3)
    friend(t)
    if t.chance(0.5):
        t.say("But {name2} had lost {his2} way and could not come home.", "But {name2} had been ill for a whole year.")
        t.say('"I wish that {name2} is well and at home," said {name}.', 'So {name} said, "Help {name2}. That is my wish."')
        t.say("In the same moment {name2} stood at the door and laughed.", "And so it happened. {name2} came running, and both were {glad}.")
    else:
        t.say('"I wish for a {look} {toy}," said {name}. There it lay, but it was cold and did not [laugh|speak|play].', "{name} wished for the {toy}, and got it. But alone it was no fun.")
        t.say("So {he} took it to {name2}, and they played until the evening.", '"Come and play with me," {he} said to {name2}, and only then it was fun.')
    end(t, "share")


PLOTS = (lost, earn, rescue, share, fear, noise, quarrel, garden, gift, lie, race, storm, learn, treasure, ill, wish)


def subject(world: dict, rng: random.Random) -> str:
    """A request for this story, of what is in it."""
    a = lambda word: ("an " if word[0] in "aeiou" else "a ") + word  # noqa: E731
    topics = [a(world["kind"]) + (f" named {world['name']}" if rng.random() < 0.5 else "")]
    for key in ("toy", "victim", "trade"):
        if key in world and len(topics) < 2:
            topics.append(a(world[key]))
    if "kind2" in world and len(topics) < 2 and rng.random() < 0.7:
        topics.append(a(world["kind2"]) + (f" named {world['name2']}" if rng.random() < 0.5 else ""))
    if len(topics) < 2 or rng.random() < 0.2:
        topics.append(f"the {world['place']}")
    start = rng.choice(("Tell me a story about ", "Write a story about ", "Please tell a story about "))
    return start + ", ".join(topics[:-1]) + " and " + topics[-1] + "."


def tell(rng: random.Random):
    """A story, the world it is of, and minus the logarithm of the probability of its choices, in nats."""
    t = Teller(rng)
    t.pick(PLOTS)(t)
    paragraphs = t.said
    if t.chance(0.3):
        half = 2 + t.pick(range(len(paragraphs) - 3))
        return " ".join(paragraphs[:half]) + "\n" + " ".join(paragraphs[half:]), t.world, t.cost
    return " ".join(paragraphs), t.world, t.cost


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=5)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rng = random.Random(options.seed)
    for _ in range(options.count):
        text, world, cost = tell(rng)
        print(f"({subject(world, rng)} {len(text.split())} words, {cost / math.log(2):.0f} bits)\n{text}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
