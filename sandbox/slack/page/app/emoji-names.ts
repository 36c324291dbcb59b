/** Slack's names for emoji, those that people and bots use at work. An unknown name stays text, as typed. */
const TABLE = `
red_circle 🔴|large_green_circle 🟢|large_yellow_circle 🟡|large_orange_circle 🟠|large_blue_circle 🔵|large_purple_circle 🟣|white_circle ⚪|black_circle ⚫
red_square 🟥|large_red_square 🟥|large_green_square 🟩|large_yellow_square 🟨|large_orange_square 🟧|large_blue_square 🟦
hourglass_flowing_sand ⏳|hourglass ⌛|stopwatch ⏱️|timer_clock ⏲️|alarm_clock ⏰|watch ⌚|clock1 🕐|clock3 🕒
rotating_light 🚨|fire 🔥|warning ⚠️|no_entry ⛔|no_entry_sign 🚫|octagonal_sign 🛑|construction 🚧|sos 🆘|boom 💥|zap ⚡|bomb 💣|firecracker 🧨|fire_extinguisher 🧯|fire_engine 🚒
white_check_mark ✅|heavy_check_mark ✔️|ballot_box_with_check ☑️|x ❌|heavy_multiplication_x ✖️|negative_squared_cross_mark ❎|question ❓|exclamation ❗|heavy_exclamation_mark ❗|bangbang ‼️
heavy_plus_sign ➕|heavy_minus_sign ➖|information_source ℹ️|black_square_for_stop ⏹️|double_vertical_bar ⏸️|arrow_forward ▶️|black_right_pointing_triangle_with_double_vertical_bar ⏯️
black_right_pointing_double_triangle_with_vertical_bar ⏭️|next_track_button ⏭️|fast_forward ⏩|rewind ⏪|black_left_pointing_double_triangle_with_vertical_bar ⏮️|last_track_button ⏮️
arrow_right ➡️|arrow_left ⬅️|arrow_up ⬆️|arrow_down ⬇️|arrow_upper_right ↗️|arrow_lower_right ↘️|arrow_right_hook ↪️|leftwards_arrow_with_hook ↩️|arrows_counterclockwise 🔄|repeat 🔁|twisted_rightwards_arrows 🔀
pushpin 📌|round_pushpin 📍|eyes 👀|mag 🔍|mag_right 🔎|memo 📝|pencil 📝|pencil2 ✏️|clipboard 📋|page_facing_up 📄|bookmark 🔖|link 🔗|paperclip 📎|file_folder 📁|open_file_folder 📂|card_index_dividers 🗂️|calendar 📆|date 📅|bar_chart 📊|chart_with_upwards_trend 📈|chart_with_downwards_trend 📉|books 📚|book 📖|scroll 📜|printer 🖨️
lock 🔒|unlock 🔓|key 🔑|shield 🛡️|bell 🔔|no_bell 🔕|loudspeaker 📢|mega 📣|speech_balloon 💬|thought_balloon 💭|phone ☎️|telephone_receiver 📞|pager 📟|email 📧|envelope ✉️|inbox_tray 📥|outbox_tray 📤|package 📦|camera 📷|floppy_disk 💾|computer 💻|desktop_computer 🖥️|electric_plug 🔌|battery 🔋|bulb 💡|satellite_antenna 📡|globe_with_meridians 🌐|earth_africa 🌍|cloud ☁️|snowflake ❄️|rain_cloud 🌧️|lightning 🌩️
wrench 🔧|hammer 🔨|hammer_and_wrench 🛠️|tools 🛠️|gear ⚙️|nut_and_bolt 🔩|toolbox 🧰|broom 🧹|wastebasket 🗑️|recycle ♻️|test_tube 🧪|microscope 🔬|thermometer 🌡️|pill 💊|adhesive_bandage 🩹|ambulance 🚑|hospital 🏥|compass 🧭|world_map 🗺️|triangular_flag_on_post 🚩|checkered_flag 🏁|traffic_light 🚦|vertical_traffic_light 🚦|anchor ⚓|ship 🚢|rocket 🚀|airplane ✈️|car 🚗
robot_face 🤖|ghost 👻|bug 🐛|beetle 🪲|snail 🐌|turtle 🐢|whale 🐳|crab 🦀|sauropod 🦕|cat 🐱|dog 🐶|evergreen_tree 🌲|seedling 🌱|coffee ☕|pizza 🍕|cake 🍰|beer 🍺|beers 🍻|tada 🎉|confetti_ball 🎊|balloon 🎈|gift 🎁|trophy 🏆|first_place_medal 🥇|second_place_medal 🥈|third_place_medal 🥉|medal 🏅|dart 🎯|game_die 🎲|art 🎨|microphone 🎤|crystal_ball 🔮|magic_wand 🪄|star ⭐|star2 🌟|sparkles ✨|dizzy 💫|100 💯|rainbow 🌈|sunny ☀️|crescent_moon 🌙
+1 👍|thumbsup 👍|-1 👎|thumbsdown 👎|ok_hand 👌|raised_hand ✋|hand ✋|raised_hands 🙌|clap 👏|pray 🙏|wave 👋|muscle 💪|point_up ☝️|point_down 👇|point_left 👈|point_right 👉|handshake 🤝|crossed_fingers 🤞|v ✌️|writing_hand ✍️|salute 🫡|saluting_face 🫡|bow 🙇|raising_hand 🙋|shrug 🤷|facepalm 🤦|running 🏃|technologist 🧑‍💻|firefighter 🧑‍🚒|detective 🕵️|bust_in_silhouette 👤|busts_in_silhouette 👥
smile 😄|smiley 😃|grinning 😀|grin 😁|joy 😂|sweat_smile 😅|slightly_smiling_face 🙂|upside_down_face 🙃|wink 😉|blush 😊|heart_eyes 😍|thinking_face 🤔|neutral_face 😐|expressionless 😑|no_mouth 😶|face_with_rolling_eyes 🙄|hushed 😯|open_mouth 😮|astonished 😲|worried 😟|confused 😕|slightly_frowning_face 🙁|cry 😢|sob 😭|scream 😱|cold_sweat 😰|sweat 😓|rage 😡|angry 😠|triumph 😤|sleeping 😴|sleepy 😪|relieved 😌|sunglasses 😎|nerd_face 🤓|partying_face 🥳|exploding_head 🤯|melting_face 🫠|skull 💀|see_no_evil 🙈|hear_no_evil 🙉|speak_no_evil 🙊|zzz 💤
heart ❤️|green_heart 💚|yellow_heart 💛|blue_heart 💙|broken_heart 💔|small_red_triangle 🔺|small_red_triangle_down 🔻|small_blue_diamond 🔹|small_orange_diamond 🔸|large_blue_diamond 🔷|diamond_shape_with_a_dot_inside 💠|one 1️⃣|two 2️⃣|three 3️⃣|four 4️⃣|five 5️⃣|six 6️⃣|seven 7️⃣|eight 8️⃣|nine 9️⃣|zero 0️⃣|keycap_ten 🔟|new 🆕|ok 🆗|up 🆙|soon 🔜|back 🔙|top 🔝
`;

const pairs = TABLE.trim()
  .split(/[\n|]/)
  .map((pair) => pair.split(' ') as [string, string]);

export const EMOJI: ReadonlyMap<string, string> = new Map(pairs);

const withoutVariation = (character: string): string => character.replaceAll('\uFE0F', '');

const names = new Map<string, string>();
for (const [name, character] of pairs) if (!names.has(withoutVariation(character))) names.set(withoutVariation(character), name);

/** The first Slack name of an emoji character, with or without its variation selector. */
export const emojiName = (character: string): string | undefined => names.get(withoutVariation(character));
