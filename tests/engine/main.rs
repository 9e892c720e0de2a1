//! What must hold of everything below the window and the command line, a file a topic. One program, because each would hold a copy of the
//! whole library.

mod golden;

mod arithmetic;
mod around;
mod basins;
mod catalogue;
mod conjugate;
mod conventions;
mod convex;
mod data_prepare;
mod data_reading;
mod determinism;
mod examine;
mod experiment;
mod floors;
mod formula;
mod functions;
mod gzip;
mod height_map;
mod iris;
mod landscape;
mod landscapes;
mod least_squares;
mod lessons;
mod lessons_search;
mod many;
mod many_points;
mod metrics;
mod model;
mod nist;
mod noise;
mod overlays;
mod populations;
mod readme;
mod recipe;
mod rules;
mod schedules;
mod search;
mod second_order;
mod slices;
mod splits;
mod standing;
mod training;
mod trajectories;
mod transform;
