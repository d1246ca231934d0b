//! All networks side by side: a chart and a table.

use super::comparison::{Column, Order, sorted, wrong};
use super::look::Click;
use super::{Frame, Zoo, choice, slot};
use crate::chart::{Mark, scatter};
use crate::figures::{grouped, percent, short};
use crate::html::{Html, element, escaped, scroller, text};
use crate::report::ModelReport;
use crate::route::{model_hash, row_link};

pub fn overview(zoo: &Zoo, frame: Frame) -> Html {
    let by_operations = frame.look.by_operations;
    let axes = [
        ("Parameters", Click::ByParameters),
        ("Multiply-adds", Click::ByOperations),
    ];
    let title = element("h3", &[text("Error and size")]);
    let caption = element("figcaption", &[title, choice("Size", axes, by_operations)]);
    let legend = "“In the app” is the accuracy of the weights that this page downloads: those of the seed with the \
                  best validation accuracy. “Its code” is the accuracy that the source’s own code reaches, if that \
                  could be read.";
    [
        element("p class=about", &[text(about(zoo).unwrap_or_default())]),
        element("figure class=sizes", &[caption, error_and_size(zoo, frame)]),
        element("h3", &[text("Side by side")]),
        scroller("Comparison of the networks", comparison(zoo, frame)),
        element("p class=legend", &[text(legend)]),
    ]
    .into_iter()
    .collect()
}

fn about(zoo: &Zoo) -> Option<String> {
    let models = &zoo.manifest.models;
    let data = &models.first()?.dataset;
    let others = models.iter().filter(|m| m.dataset.train != data.train);
    let others: String = others
        .map(|model| format!(", {} on {}", model.id, grouped(model.dataset.train as u64)))
        .collect();
    let pens = models.iter().filter(|m| m.pens.is_some());
    let pens: String = pens
        .map(|model| format!(", {} also on pens", model.id))
        .collect();
    Some(format!(
        "Each network was trained on {} images of MNIST{others}{pens}. Its best epoch was chosen on {} others, \
         the validation set. The {} test images played no part in training or in any choice, and were read only at the end.",
        grouped(data.train as u64),
        grouped(data.validation as u64),
        grouped(data.test as u64)
    ))
}

fn error_and_size(zoo: &Zoo, frame: Frame) -> Html {
    let by_operations = frame.look.by_operations;
    let mark = |model: &ModelReport| {
        let n_wrong = wrong(model)? as f64;
        let total = model.exported.as_ref()?.test.total as f64;
        let (size, unit) = match by_operations {
            false => (model.parameters as f64, "parameters"),
            true => (model.multiply_adds as f64, "multiply-adds"),
        };
        Some(Mark {
            name: model.id.clone(),
            href: model_hash(&model.id),
            label: format!(
                "{}: {} wrong, {} {unit}",
                model.id,
                percent(n_wrong / total),
                short(size)
            ),
            x: size,
            // This axis has no zero, so a network without errors is shown with half an error.
            y: 100.0 * n_wrong.max(0.5) / total,
            is_chosen: model.id == frame.chosen,
        })
    };
    let marks: Vec<_> = zoo.report.models.iter().filter_map(mark).collect();
    let x_title = if by_operations {
        "multiply-adds per image"
    } else {
        "parameters"
    };
    scatter(
        &marks,
        x_title,
        "wrong on the test set, %",
        "Error of the networks by size",
        frame.width,
    )
}

fn comparison(zoo: &Zoo, frame: Frame) -> Html {
    let order = frame.look.order;
    let head = |column: Column| {
        let sorted = order
            .filter(|order| order.column == column)
            .map_or("none", Order::name);
        let button = format!("button id={}", Click::Sort(column).id());
        element(
            &format!("th scope=col aria-sort={sorted}"),
            &[element(&button, &[text(column.title())])],
        )
    };
    let group =
        |(name, n): (&str, u8)| element(&format!("th scope=colgroup colspan={n}"), &[text(name)]);
    let groups = [
        ("10,000 test images", 3),
        ("Size", 3),
        ("Its source", 3),
        ("This browser", 2),
    ];
    let groups = [element("td", &[]), groups.into_iter().map(group).collect()];
    let here = ["time", "reads"].map(|name| element("th scope=col", &[text(name)]));
    let heads = Column::ALL.into_iter().map(head).chain(here).collect();
    let models = &zoo.report.models;
    let rows = sorted(models, order)
        .into_iter()
        .map(|place| row(&models[place], frame.chosen));
    element(
        "table class=comparison",
        &[
            element(
                "caption class=unseen",
                &[text("The networks: accuracy, size and source")],
            ),
            element(
                "thead",
                &[element("tr class=groups", &groups), element("tr", &[heads])],
            ),
            element("tbody", &[rows.collect()]),
        ],
    )
}

fn row(model: &ModelReport, chosen: &str) -> Html {
    let id = escaped(&model.id);
    let class = if model.id == chosen { "chosen" } else { "" };
    let link = format!("a id=\"{}\" href=\"{}\"", row_link(&id), model_hash(&id));
    let cell = |column: &Column| element("td", &[text(column.cell(model))]);
    element(
        &format!("tr class=\"{class}\" data-model=\"{id}\""),
        &[
            element("th scope=row", &[element(&link, &[text(&model.id)])]),
            Column::ALL[1..].iter().map(cell).collect(),
            element("td", &[slot("latency", &model.id)]),
            element("td", &[slot("vote", &model.id)]),
        ],
    )
}
