//! x
pub mod check;
pub mod diagnostic;
pub mod facts;
pub mod lang;
pub mod model;
pub mod program;
pub mod settings;
pub mod source;
pub mod syntax;
pub mod yaml;
