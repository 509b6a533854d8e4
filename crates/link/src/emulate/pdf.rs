//! A document to look at: one page that says that it is about nobody.

/// The same bytes each time.
pub(super) fn document() -> Vec<u8> {
    let page = "BT /F1 18 Tf 72 720 Td (TEST - this document is about nobody) Tj ET";
    let objects = [
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        "<</Type/Pages/Kids[3 0 R]/Count 1>>".to_owned(),
        "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R\
         /Resources<</Font<</F1 5 0 R>>>>>>"
            .to_owned(),
        format!("<</Length {}>>stream\n{page}\nendstream", page.len()),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    let mut text = "%PDF-1.4\n".to_owned();
    let mut places = String::new();
    for (number, object) in (1..).zip(&objects) {
        places += &format!("{:010} 00000 n \n", text.len());
        text += &format!("{number} 0 obj{object}endobj\n");
    }
    let (table, count) = (text.len(), objects.len() + 1);
    text += &format!("xref\n0 {count}\n0000000000 65535 f \n{places}");
    text += &format!("trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{table}\n%%EOF\n");
    text.into_bytes()
}
