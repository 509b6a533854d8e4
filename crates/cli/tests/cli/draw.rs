//! `sekisho draw`: files, forms and refusals. What the drawing looks like is tested in `render`.

use std::fs;
use std::path::Path;

use crate::run::{CLEAN, CLEAN_LINUX, copy, folder, replace, root, sekisho};

/// Examples whose drawings are kept in `tests/golden/draw`.
const KEPT: [&str; 17] = [
    CLEAN,
    CLEAN_LINUX,
    "examples/ipvpn-one-terminal-yamaha",
    "examples/ipvpn-one-terminal-linux",
    "examples/ipvpn-receipt-on-terminal-yamaha",
    "examples/ipvpn-terminal-on-receipt-yamaha",
    "examples/ipsec-router-separate-yamaha",
    "examples/ipsec-router-one-terminal-yamaha",
    "examples/ipsec-router-receipt-on-terminal-yamaha",
    "examples/ipsec-router-terminal-on-receipt-yamaha",
    "examples/ipsec-soft-separate-yamaha",
    "examples/ipsec-soft-one-terminal-yamaha",
    "examples/ipsec-soft-receipt-on-terminal-yamaha",
    "examples/ipsec-soft-terminal-on-receipt-yamaha",
    "examples/broken/02-pass-all-at-end",
    "examples/broken/11-hub-at-the-onu",
    "examples/broken/12-hub-joins-both-lans",
];

/// A font with Japanese letters, of the Debian package fonts-ipafont-gothic.
const FONT: &str = "/usr/share/fonts/opentype/ipafont-gothic/ipag.ttf";

fn compare(name: &str, found: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/draw");
    let file = folder.join(name);
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::create_dir_all(folder).expect("the folder of golden files can be made");
        fs::write(&file, found).expect("the folder of golden files can be written");
        return;
    }
    let kept = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        kept == found,
        "{name} is not as kept; UPDATE_SNAPSHOTS=1 writes it anew, then look at the picture.\n\
         first difference: {:?}",
        kept.lines().zip(found.lines()).find(|(kept, found)| kept != found),
    );
}

#[test]
fn drawings_are_as_kept() {
    for example in KEPT {
        let short = example.rsplit('/').next().unwrap_or(example);
        for lang in ["ja", "en"] {
            let ran = sekisho(&["draw", example, "--lang", lang, "--on", "2026-11-23"]);
            assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{example}");
            compare(&format!("{short}.{lang}.svg"), &ran.stdout);
        }
    }
}

#[test]
fn the_picture_of_the_readme_is_the_example() {
    let ran = sekisho(&["draw", CLEAN, "--lang", "ja", "--on", "2026-11-23"]);
    let kept = root().join("docs/ipvpn-separate-yamaha.svg");
    if std::env::var_os("UPDATE_SNAPSHOTS").is_some() {
        fs::write(&kept, &ran.stdout).expect("the documentation can be written");
    }
    assert_eq!(fs::read_to_string(kept).unwrap_or_default(), ran.stdout);
}

#[test]
fn a_file_holds_what_standard_output_would() {
    let file = folder("draw-file").join("site.svg");
    let path = file.to_str().expect("test folders have plain names");
    let ran = sekisho(&["draw", CLEAN, "-o", path, "--on", "2026-11-23"]);
    assert_eq!((ran.code, ran.stdout.as_str(), ran.stderr.as_str()), (0, "", ""));
    let shown = sekisho(&["draw", CLEAN, "--verdicts", "--on", "2026-11-23"]).stdout;
    assert_eq!(fs::read_to_string(&file).ok(), Some(shown));
}

#[test]
fn a_plain_drawing_says_nothing_of_verdicts() {
    let plain = sekisho(&["draw", CLEAN, "--plain", "--lang", "en"]);
    assert_eq!(plain.code, 0);
    assert!(plain.stdout.contains("drawn without judgement"), "{}", plain.stdout);
    for word in ["proved", "F002", "Requirements"] {
        assert!(!plain.stdout.contains(word), "{word}");
    }
}

#[test]
fn a_form_that_is_not_known_is_refused() {
    for name in ["site.pdf", "site", ".svg"] {
        let file = folder("draw-form").join(name);
        let path = file.to_str().expect("test folders have plain names");
        let ran = sekisho(&["draw", CLEAN, "-o", path]);
        assert_eq!((ran.code, ran.stderr.matches("error: ").count()), (3, 1), "{}", ran.stderr);
        assert!(ran.stderr.contains(name) && ran.stderr.contains(".png"), "{}", ran.stderr);
        assert!(!file.exists());
    }
}

#[test]
fn a_file_that_cannot_be_written_is_told() {
    let file = folder("draw-unwritable").join("not/there.svg");
    let path = file.to_str().expect("test folders have plain names");
    let ran = sekisho(&["draw", CLEAN, "-o", path]);
    assert_eq!((ran.code, ran.stderr.matches("error: ").count()), (3, 1), "{}", ran.stderr);
    assert!(ran.stderr.starts_with("error: ") && ran.stderr.contains(path), "{}", ran.stderr);
}

#[test]
fn a_site_with_errors_is_drawn_as_far_as_it_is_known() {
    let site = copy("draw-errors");
    fs::remove_file(site.join("router-b.conf")).expect("the folder is this test's own");
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["draw", path, "--lang", "en", "--on", "2026-11-23"]);
    let told = ran.stderr.matches("the drawing is not complete").count();
    assert_eq!((ran.code, told), (2, 1), "{}", ran.stderr);
    assert!(ran.stdout.contains("not complete") && ran.stdout.contains("P111"), "{}", ran.stdout);
    assert!(ran.stdout.contains("router-b") && ran.stdout.contains("terminal-1"));
    fs::write(site.join("site.toml"), "[site\n").expect("the folder is this test's own");
    let ran = sekisho(&["draw", path, "--lang", "en"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stdout.contains("not complete"), "{}", ran.stdout);
}

#[test]
fn a_font_that_is_none_is_refused() {
    let folder = folder("draw-font");
    let png = folder.join("site.png");
    let png = png.to_str().expect("test folders have plain names");
    for (font, reason) in [("not/there.ttf", "no such file or folder"), ("README.md", "not a font")]
    {
        let ran = sekisho(&["draw", CLEAN, "-o", png, "--font", font]);
        assert_eq!((ran.code, ran.stderr.matches("error: ").count()), (3, 1), "{}", ran.stderr);
        assert!(ran.stderr.contains(font) && ran.stderr.contains(reason), "{}", ran.stderr);
    }
    assert!(!Path::new(png).exists());
}

#[test]
fn a_png_is_twice_as_large_as_the_drawing() {
    if !Path::new(FONT).is_file() {
        let required = std::env::var("SEKISHO_TESTS_REQUIRE").unwrap_or_default();
        assert!(!required.contains("japanese-font"), "there is no {FONT}");
        println!("skipped: there is no {FONT} (Debian package fonts-ipafont-gothic)");
        return;
    }
    let file = folder("draw-png").join("site.png");
    let path = file.to_str().expect("test folders have plain names");
    let ran = sekisho(&["draw", CLEAN, "--lang", "ja", "-o", path, "--font", FONT]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
    let bytes = fs::read(&file).expect("it was just written");
    assert!(bytes.starts_with(b"\x89PNG\r\n\x1a\n"));
    let number = |at: usize| u32::from_be_bytes([0, 1, 2, 3].map(|place| bytes[at + place]));
    let svg = sekisho(&["draw", CLEAN, "--lang", "ja"]).stdout;
    let size = format!("width=\"{}\" height=\"{}\"", number(16) / 2, number(20) / 2);
    assert!(svg.contains(&size), "{size}");
}

#[test]
fn a_site_that_fits_no_page_is_told_beside_its_drawing() {
    let site = copy("draw-no-page");
    let file = site.join("site.toml");
    replace(&file, "roles = [\"eligibility-terminal\"]", "roles = [\"other\"]");
    replace(&file, "pattern = \"ipvpn.separate\"", "");
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["draw", path, "--lang", "en", "--on", "2026-11-23"]);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    assert!(ran.stderr.contains("shows no judgement (T110"), "{}", ran.stderr);
}

#[test]
fn a_destination_that_is_not_reached_is_told_on_its_own_network_alone() {
    let from = root().join("examples/ipvpn-one-terminal-yamaha");
    let site = folder("draw-one-net");
    for file in fs::read_dir(from).expect("the example is there").flatten() {
        fs::copy(file.path(), site.join(file.file_name())).expect("the folder is this test's own");
    }
    let file = site.join("site.toml");
    let text = fs::read_to_string(&file).expect("the example has a site file");
    let lines = text.lines().filter(|line| !line.starts_with("pppoe = "));
    let claims = "[destinations.sent]\nnet = \"claims-net\"\naddresses = [\"203.0.113.0/24\"]\n\
                  ports = [\"tcp/443\"]\n";
    let text = format!("{}\n{claims}", lines.collect::<Vec<&str>>().join("\n"));
    fs::write(&file, text).expect("the folder is this test's own");
    let path = site.to_str().expect("test folders have plain names");
    let ran = sekisho(&["draw", path, "--lang", "en", "--on", "2026-11-23"]);
    assert!(ran.stdout.contains("F009"), "{}", ran.stdout);
    assert!(!ran.stdout.contains("IPoE F009"), "{}", ran.stdout);
}
