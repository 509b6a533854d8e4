//! What an answer holds.

use super::dice::Dice;
use super::people::Person;
use super::scenario::Scenario;
use crate::document::Element;
use crate::moment;

/// How long drugs may be looked at after a consent: a day, in nanoseconds.
const CONSENT: i128 = 86_400 * 1_000_000_000;

/// A request as the terminal understands it.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    pub(super) institution: String,
    pub(super) identifier: Option<String>,
    pub(super) message: Element,
}

impl Asked {
    pub(super) fn new(message: Element) -> Self {
        let header = message.child("MessageHeader");
        let text = |name: &str| {
            header.and_then(|header| header.child(name)).map(|found| found.text.clone())
        };
        Self {
            institution: text("MedicalInstitutionCode").unwrap_or_default(),
            identifier: text("ArbitraryFileIdentifier"),
            message,
        }
    }

    /// Every institution that the request names, wherever it stands.
    pub(super) fn institutions(&self) -> impl Iterator<Item = &str> {
        let mut found = Vec::new();
        self.message.visit(&mut |element| {
            if element.name == "MedicalInstitutionCode" {
                found.push(element.text.as_str());
            }
        });
        found.into_iter()
    }

    /// The elements of the body, each of which asks about one person.
    pub(super) fn rows(&self) -> &[Element] {
        self.message.child("MessageBody").map_or(&[], |body| &body.children)
    }
}

fn leaf(name: &str, text: &str) -> Element {
    Element::leaf(name, text)
}

/// The header of an answer.
pub(super) fn header(scenario: &Scenario, asked: &Asked, segment: &str) -> Element {
    let mut children = vec![
        leaf("ProcessExecutionTime", &scenario.time),
        leaf("QualificationConfirmationDate", &scenario.time[..8]),
        leaf("MedicalInstitutionCode", &asked.institution),
    ];
    if let Some(identifier) = &asked.identifier {
        children.push(leaf("ArbitraryFileIdentifier", identifier));
    }
    children.push(leaf("ReferenceClassification", "2"));
    children.push(leaf("SegmentOfResult", segment));
    if segment == "9" {
        children.push(leaf("ErrorCode", "TEST9999"));
        children.push(leaf("ErrorMessage", "試験用エラー"));
    }
    children.push(leaf("CharacterCodeIdentifier", scenario.encoding.identifier()));
    Element::parent("MessageHeader", children)
}

pub(super) fn message(header: Element, body: Vec<Element>) -> Element {
    Element::parent("XmlMsg", vec![header, Element::parent("MessageBody", body)])
}

/// The body of an answer to a request of this kind about one person.
pub(super) fn body(
    api: &str,
    scenario: &Scenario,
    asked: &Asked,
    dice: &mut Dice,
    results: usize,
) -> Vec<Element> {
    match api {
        "OQSsiquc01" => {
            let validity = dice.pick(&scenario.validities).unwrap_or("1");
            let search = asked.rows().first();
            qualification(search, validity, dice, results)
        }
        "OQSsiimm01" => {
            let number = asked.message.text_of("ReferenceNumber").unwrap_or_default().to_owned();
            vec![leaf("ProcessingResultStatus", "1"), leaf("ReferenceNumber", &number)]
        }
        "YZKsiquc01" => drugs(&Person::new(dice), dice),
        "TKKsiquc01" => checkup(&Person::new(dice), dice),
        // The form of these answers is not known: what was asked comes back.
        _ => {
            let mut body = vec![leaf("ProcessingResultStatus", "1")];
            body.extend(asked.rows().iter().cloned());
            body
        }
    }
}

/// Status, validity and results of one person.
pub(super) fn qualification(
    search: Option<&Element>,
    validity: &str,
    dice: &mut Dice,
    results: usize,
) -> Vec<Element> {
    let mut body =
        vec![leaf("ProcessingResultStatus", "1"), leaf("QualificationValidity", validity)];
    let count = match validity {
        "4" | "5" => 0,
        _ => results,
    };
    let list: Vec<Element> = (0..count).map(|_| result(search, validity, dice)).collect();
    if !list.is_empty() {
        body.push(Element::parent("ResultList", list));
    }
    body
}

fn result(search: Option<&Element>, validity: &str, dice: &mut Dice) -> Element {
    let person = Person::new(dice);
    let asked = |name: &str, own: &str| {
        let text = search.and_then(|search| search.child(name)).map(|found| found.text.as_str());
        leaf(name, text.unwrap_or(own))
    };
    let family = if person.branch == "00" { "1" } else { "2" };
    let mut children = vec![
        leaf("InsuredCardClassification", "01"),
        asked("InsurerNumber", &person.insurer),
        asked("InsuredCardSymbol", &person.symbol),
        asked("InsuredIdentificationNumber", &person.number),
        asked("InsuredBranchNumber", &person.branch),
        leaf("PersonalFamilyClassification", family),
        leaf("Name", &person.name),
        leaf("NameKana", &person.kana),
        leaf("Sex1", person.sex),
        asked("Birthdate", &person.birth),
        leaf("Address", &person.address),
        leaf("PostNumber", &person.post),
        leaf("QualificationDate", "20200401"),
        leaf("InsuredPartialContributionRatio", "030"),
        leaf("InsurerName", "架空健康保険組合"),
    ];
    if matches!(validity, "2" | "3") {
        children.push(leaf("DisqualificationDate", "20981231"));
        children.push(leaf("ReasonOfLoss", "03"));
    }
    children.push(asked("LimitApplicationCertificateRelatedConsFlg", "0"));
    // The order of elements differs between real answers.
    let turn = dice.below(children.len() as u64) as usize;
    children.rotate_left(turn);
    Element::parent("ResultOfQualificationConfirmation", children)
}

fn drugs(person: &Person, dice: &mut Dice) -> Vec<Element> {
    let drug = |dice: &mut Dice| {
        Element::parent(
            "DrugInf",
            vec![
                leaf("DrugC", &format!("99{}", dice.digits(7))),
                leaf("DrugN", "架空錠１ｍｇ"),
                leaf("Qua1", "1"),
                leaf("Unit", "錠"),
                leaf("Times", "7"),
            ],
        )
    };
    let list: Vec<Element> = (0..dice.within((1, 3))).map(|_| drug(dice)).collect();
    let date = Element::parent(
        "DiDateInf",
        vec![leaf("DiDate", "20981201"), Element::parent("DrugInfs", list)],
    );
    vec![
        leaf("ResultCode", "1"),
        Element::parent(
            "QuaInf",
            vec![
                leaf("Name", &person.name),
                leaf("KanaName", &person.kana),
                leaf("Birth", &person.birth),
                leaf("AdmGendCode", person.sex),
            ],
        ),
        Element::parent(
            "MeTrMonthInf",
            vec![
                leaf("MeTrMonth", "209812"),
                leaf("MeTrDiHCd", "9910000001"),
                leaf("MeTrDiHNm", "架空医院"),
                Element::parent("DiDateInfs", vec![date]),
            ],
        ),
    ]
}

fn checkup(person: &Person, dice: &mut Dice) -> Vec<Element> {
    let item = |code: &str, name: &str, value: &str, unit: &str| {
        Element::parent(
            "HealthCheckupResultAndQuestionInfo",
            vec![
                leaf("ItemCode", code),
                leaf("ItemName", name),
                leaf("DataType", "PQ"),
                leaf("DataValue", value),
                leaf("Unit", unit),
            ],
        )
    };
    let height = format!("9{}.{}", dice.digits(2), dice.digits(1));
    vec![
        leaf("ResultCode", "1"),
        Element::parent(
            "QualificationsInfo",
            vec![
                leaf("Name", &person.name),
                leaf("KanasName", &person.kana),
                leaf("Birthday", &person.birth),
                leaf("AdministrativeGenderCode", person.sex),
            ],
        ),
        Element::parent(
            "SpecificHealthCheckupInfo",
            vec![
                leaf("EffectiveTime", "20980601"),
                Element::parent(
                    "HealthCheckupResultAndQuestionInfos",
                    vec![item("9N001000000000001", "身長", &height, "cm")],
                ),
            ],
        ),
    ]
}

/// The body of a card reader result.
pub(super) fn face(scenario: &Scenario, dice: &mut Dice) -> Vec<Element> {
    let validity = dice.pick(&scenario.validities).unwrap_or("1");
    let mut body = qualification(None, validity, dice, 1);
    let (day, clock) = scenario.time.split_at(8);
    let end = moment::day(moment::read_day(day).unwrap_or(0) + CONSENT);
    body.extend([
        leaf("PharmacistsInfoConsFlg", "1"),
        leaf("PharmacistsInfoConsTime", &scenario.time),
        leaf("PharmacistsInfoAvailableTime", &format!("{end}{clock}")),
        leaf("SpecificHealthCheckupsInfoConsFlg", "0"),
        leaf("ReferenceNumber", &format!("99{}", dice.digits(4))),
    ]);
    body
}

/// The body of a bulk answer: one unit for each row that was asked.
pub(super) fn bulk(scenario: &Scenario, rows: &[Element], dice: &mut Dice) -> Vec<Element> {
    let unit = |row: &Element| {
        let validity = dice.pick(&scenario.validities).unwrap_or("1");
        let mut children = vec![row.clone()];
        children.extend(qualification(Some(row), validity, dice, 1));
        Element::parent("BulkConfirmUnit", children)
    };
    rows.iter().map(unit).collect()
}
