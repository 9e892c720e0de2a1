//! Data are opened on a worker, and whoever watches is not kept waiting.

use std::fmt::Write as _;
use std::fs;
use std::sync::Arc;
use std::time::Duration;

use optiscope::experiment::{Experiment, ModelProblem, Source};
use optiscope::workbench::{Opened, Pool, Workbench};

fn opened(source: &Source) -> Opened {
    Opened {
        source: source.clone(),
        experiment: None,
    }
}

#[test]
fn what_is_cancelled_is_gone_at_once() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.csv");
    let rows = (0..300_000).fold("x,y\n".to_owned(), |mut text, i| {
        let _ = writeln!(text, "{i},{}.5", i % 97);
        text
    });
    fs::write(&path, rows).expect("written");
    let mut bench = Workbench::new(Pool::threaded(), Arc::new(|| {}));
    bench.open(opened(&Source::file(&path)));
    assert!(bench.is_loading());
    bench.cancel_loading();
    assert!(!bench.is_loading() && bench.data().incoming().is_none());
    for _ in 0..20 {
        std::thread::sleep(Duration::from_millis(5));
        bench.poll(&Experiment::default());
        assert!(bench.data_mut().take_opened().is_none(), "nobody asks for it any more");
    }
}

#[test]
fn a_table_that_is_not_there_is_tried_once_and_again_when_asked() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("late.csv");
    let text = (0..40).fold("x,y\n".to_owned(), |text, i| text + &format!("{i},{}\n", i * i % 7));
    fs::write(&path, &text).expect("written");
    let source = Source::file(&path);
    let table = source.table(None, &Default::default()).expect("a table");
    let mut experiment = Experiment::default();
    experiment.show_model(ModelProblem::suggested(source.clone(), &table).expect("a problem"));
    fs::remove_file(&path).expect("removed");

    let mut bench = Workbench::new(Pool::inline(), Arc::new(|| {}));
    bench.reconcile(&experiment);
    while bench.poll(&experiment) {}
    let why = bench.data().refusal(&experiment).expect("it is told").to_owned();
    assert!(why.contains("late.csv") && why.contains("cannot be read"), "{why}");
    bench.reconcile(&experiment);
    assert!(!bench.is_loading(), "it is not tried at every change");

    fs::write(&path, &text).expect("written");
    bench.open(opened(&source));
    while bench.poll(&experiment) {}
    assert!(bench.data().refusal(&experiment).is_none());
    assert!(bench.data().table(&source).is_some());
    assert!(
        bench.data().examined(&experiment).is_some(),
        "and what may hurt is looked for"
    );
}
