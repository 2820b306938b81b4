//! What grown families write about: patterns of sentences and the words that go into them.
//! A digit in a pattern stands for a word of [`SLOTS`] with that number.

/// Nickname, colour, emoji.
pub(super) const NICKNAMES: &[(&str, &str, &str)] = &[
    ("Badger", "#1e6a58", "🦡"),
    ("Wren", "#8a4b2a", "🐦"),
    ("Newt", "#3b5a91", "🦎"),
    ("Moth", "#7a3e6d", "🦋"),
];

#[rustfmt::skip]
pub(super) const SUBJECTS: &[&str] = &[
    "English", "Maths", "Science", "History", "Geography", "Art", "Music", "French", "Computing",
    "Cooking", "Outdoors", "PE",
];

/// Most used first.
#[rustfmt::skip]
pub(super) const TAGS: &[&str] = &[
    "reading", "kitchen", "walk", "experiment", "writing", "data", "garden", "trip", "games", "library",
    "animals", "making", "patterns", "measuring", "home-ed group", "drawing", "spelling", "times tables",
    "fractions", "maps", "water", "weather", "birds", "plants", "money", "poetry", "drama", "recorder",
    "violin", "piano", "swimming", "cycling", "climbing", "woodwork", "sewing", "baking", "letters",
    "biography", "local history", "museum", "castle", "space", "night", "rocks", "fossils", "electricity",
    "magnets", "light", "sound", "forces", "scratch", "robotics", "chess", "puzzles", "shape", "number",
    "algebra", "division", "debate", "film", "photography", "painting", "clay", "printing", "collage",
    "seasons", "autumn", "winter", "spring", "summer", "camping", "first aid", "cooking for others",
    "volunteering", "grandparents", "market", "allotment", "bees", "pond", "woods", "beach", "canal",
    "railway", "court", "parliament", "language club", "sign language", "calligraphy", "typing", "podcast",
    "newspaper", "recital", "orchestra", "choir", "kayak", "orienteering",
];

pub(super) const TITLES: &[&str] = &[
    "Finding out about the 0",
    "A morning at the 1",
    "The 0 and the 0",
    "Making a 2",
    "Our own 2, second attempt",
    "What the 0 does in 7",
    "5 with a 2",
    "Back to the 1",
    "The trouble with 5",
    "Learning 5 by the 1",
    "A 4 question about the 0",
    "Questions about the 0",
];

/// A learner's own line.
pub(super) const ENDINGS: &[&str] = &[
    "Asked why the 0 is 4.",
    "Did all of the 5 alone.",
    "Explained the 0 to me, and was right.",
    "Made the 2 without being shown.",
    "Was 6 about it until the end.",
    "Wants to do the 1 again.",
    "Drew the 0 from memory.",
    "Read it out loud, slowly and clearly.",
    "Kept going when the 2 broke.",
];

pub(super) const SENTENCES: &[&str] = &[
    "We went to the 1 and looked at the 0 for a long time.",
    "At first the 0 seemed 4, and then somebody asked why.",
    "Nobody had expected the 0 to be so 4.",
    "We made a 2 out of cardboard, string and the last of the tape.",
    "Wrote down three things about the 0 and one that we still want to know.",
    "Then it was time for 5, which went better than last 7.",
    "We measured the 0, wrote it in the table and drew a line through the points.",
    "The book from the library says that the 0 is 4, but ours plainly was not.",
    "Long talk in the car about whether a 0 can ever be 4.",
    "There was some sighing over 5, so we stopped and had toast.",
    "The lady at the 1 showed us how the 2 was used and let everyone hold it.",
    "Compared it with what we found at the 1 in 7.",
    "Back at home we tried the same thing with a 2 and a bucket.",
    "Everyone was 6 by lunch, so the afternoon was for the 1.",
    "They planned the whole of it themselves and I only carried the 2.",
    "First guesses were far off; second guesses were close.",
    "We learnt the words 3 and 3 and used both before bedtime.",
    "Practised 5 for twenty minutes by the sand timer.",
    "The 0 turned out to be older than the 1 itself.",
    "Granny remembered the 0 from when she was small and told us about it.",
    "Looked up 3, which is a better word than the one we had.",
    "It rained, so the 0 came to the kitchen table instead.",
    "Next time we want to bring the 2 and stay longer.",
    "Both drafts are in the folder; the second one is much better.",
    "We sorted them by size, then by colour, then by how 4 they were.",
    "Found the 1 on the old map and on the new one, and the river had moved.",
    "Somebody at the group had a 2 and was happy to lend it.",
    "Ended with 5 in the garden and a very 4 sunset.",
    "A short day, but a 6 one.",
    "We read the next chapter and stopped at the worst possible place.",
    "The question of the day was what happens to the 0 in 7.",
    "Two goes at the 2, and the second one worked.",
];

/// 0 subject matter, 1 places, 2 things, 3 rare words, 4 qualities, 5 activities, 6 moods, 7 times.
#[rustfmt::skip]
pub(super) const SLOTS: &[&[&str]] = &[
    &[
        "volcano", "Roman road", "water cycle", "blackbird", "hedgerow", "tide", "moon", "comet",
        "glacier", "beaver", "honeybee", "earthworm", "oak", "dandelion", "fern", "mushroom", "spider",
        "swift", "heron", "frog", "newt", "dragonfly", "fossil", "limestone", "chalk", "peat bog",
        "estuary", "lighthouse", "windmill", "canal lock", "steam engine", "printing press",
        "spinning wheel", "longbow", "castle wall", "abbey", "census", "plague", "Great Fire", "Armada",
        "suffragettes", "railway", "cotton mill", "Viking ship", "Saxon coin", "pyramid", "mummy",
        "Parthenon", "aqueduct", "mosaic", "alphabet", "sonnet", "ballad", "haiku", "limerick", "fable",
        "apostrophe", "semicolon", "prefix", "verb", "metaphor", "rhyme", "triangle", "hexagon",
        "prime number", "square number", "remainder", "decimal", "percentage", "ratio", "angle",
        "circumference", "probability", "average", "bar chart", "symmetry", "tessellation", "magnet",
        "circuit", "lever", "pulley", "pendulum", "shadow", "rainbow", "echo", "orchestra", "cello",
        "oboe", "fugue", "rondo", "sea shanty", "watercolour", "portrait", "perspective", "lino print",
        "clay pot", "heart", "lungs", "skeleton", "tooth", "germ", "yeast", "crystal", "acid",
        "thermometer", "barometer", "cloud", "hurricane", "desert", "rainforest", "tundra", "equator",
        "compass", "contour line", "harbour", "market town", "parliament", "jury", "budget", "passport",
    ],
    &[
        "library", "museum", "common", "woods", "beach", "canal", "allotment", "castle", "harbour", "farm",
        "market", "town hall", "station", "observatory", "theatre", "pond", "quarry", "heath", "church",
        "old mill", "reservoir", "playground", "river", "botanic garden", "art gallery", "fire station",
        "bakery", "recycling centre", "village hall", "swimming pool", "cliff path", "bird hide",
        "orchard", "gallery shop", "court", "cathedral", "stone circle", "hill fort", "railway museum",
        "aquarium", "science centre", "community garden",
    ],
    &[
        "kite", "pinhole camera", "model bridge", "sundial", "weather vane", "bird box", "board game",
        "quadrat", "water filter", "catapult", "periscope", "lantern", "puppet", "scrapbook", "timeline",
        "bug hotel", "compass", "magnifier", "microscope", "telescope", "abacus", "loom", "recorder",
        "drum", "wormery", "terrarium", "raft", "go-kart", "birthday cake", "loaf", "jam", "soup", "tent",
        "map", "poster", "newspaper", "comic", "diary", "spreadsheet", "stop-motion film", "doorbell",
        "marble run", "paper plane", "zoetrope", "quill", "mosaic",
    ],
    &[
        "serendipity", "palimpsest", "ullage", "petrichor", "isthmus", "oxbow", "drumlin", "moraine",
        "escarpment", "archipelago", "peninsula", "meander", "tributary", "watershed", "sediment",
        "erosion", "photosynthesis", "chlorophyll", "transpiration", "germination", "pollination",
        "metamorphosis", "chrysalis", "exoskeleton", "vertebrate", "omnivore", "nocturnal", "hibernation",
        "camouflage", "symbiosis", "crepuscular", "numerator", "denominator", "hypotenuse",
        "perpendicular", "polyhedron", "dodecahedron", "icosahedron", "quotient", "coefficient",
        "hypothesis", "variable", "conductor", "insulator", "friction", "momentum", "gravity", "buoyancy",
        "condensation", "evaporation", "sublimation", "precipitate", "solution", "suspension", "catalyst",
        "onomatopoeia", "alliteration", "personification", "protagonist", "soliloquy", "stanza", "couplet",
        "homophone", "synonym", "preposition", "subjunctive", "etymology", "crescendo", "staccato",
        "pizzicato", "syncopation", "arpeggio", "chiaroscuro", "impasto", "vanishing point",
        "complementary", "parchment", "heraldry", "portcullis", "machicolation", "motte", "bailey", "serf",
        "guild", "charter", "turnpike", "enclosure", "workhouse", "evacuee", "ration book", "franchise",
        "referendum", "abolition", "monsoon", "meridian", "hemisphere", "solstice", "equinox",
        "constellation", "nebula", "perihelion", "zenith",
    ],
    &[
        "surprising", "loud", "quiet", "heavy", "fragile", "regular", "lopsided", "sticky", "bright",
        "ancient", "hollow", "prickly", "smooth", "steep", "muddy", "frozen", "transparent", "magnetic",
        "symmetrical", "useful", "beautiful", "complicated", "simple", "slow", "fast", "warm", "rusty",
        "salty", "sour", "windy", "enormous", "tiny", "famous", "forgotten", "precise", "rough", "hidden",
        "common", "rare", "colourful",
    ],
    &[
        "spelling", "long division", "handwriting", "times tables", "reading aloud", "sketching",
        "mental arithmetic", "French verbs", "map reading", "fractions", "typing", "scales",
        "choral singing", "chess", "swimming", "cycling", "knot tying", "sewing", "whittling", "soldering",
        "coding", "poetry", "dictation", "estimating", "weighing", "graph drawing", "note taking",
        "research", "editing", "baking", "planting", "birdwatching", "stargazing", "orienteering",
        "first aid", "drama games", "storytelling", "phonics", "grammar", "geometry",
    ],
    &[
        "cheerful", "patient", "tired", "grumpy", "proud", "curious", "restless", "thoughtful", "muddy",
        "hungry", "determined", "giggly", "calm", "worried", "excited", "stubborn", "kind", "careful",
    ],
    &[
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December", "winter", "spring", "summer", "autumn", "a drought", "a storm",
    ],
];
