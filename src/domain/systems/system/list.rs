//! All saved systems.

use super::{LastTest, System, SystemId, SystemName};

/// The saved systems in the order in which they were saved. Names and ids are unique.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Systems(Vec<System>);

/// Why the list cannot be changed in this way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ListError {
    /// Another system has this name, spelled like this.
    NameTaken(SystemName),
    /// Another system has this id.
    IdTaken,
    /// No system has this name.
    Unknown,
}

impl Systems {
    /// All values.
    pub fn iter(&self) -> std::slice::Iter<'_, System> {
        self.0.iter()
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The system with that name; case-insensitive.
    pub fn get(&self, name: &str) -> Option<&System> {
        self.iter().find(|system| system.name.is(name))
    }

    /// Whether a system has this id.
    pub fn holds(&self, id: SystemId) -> bool {
        self.iter().any(|system| system.id == id)
    }

    /// Adds a system at the end.
    ///
    /// # Errors
    ///
    /// If its name or id is taken.
    pub fn add(&mut self, system: System) -> Result<(), ListError> {
        if let Some(other) = self.get(system.name.as_str()) {
            return Err(ListError::NameTaken(other.name.clone()));
        }
        if self.holds(system.id) {
            return Err(ListError::IdTaken);
        }
        self.0.push(system);
        Ok(())
    }

    /// Replaces the system of the same name and returns the old one. The id must be new, so that an interrupted save
    /// never pairs the old system with the new secret.
    ///
    /// # Errors
    ///
    /// If no system has its name, or its id is taken.
    pub fn replace(&mut self, system: System) -> Result<System, ListError> {
        if self.holds(system.id) {
            return Err(ListError::IdTaken);
        }
        let place = self.0.iter_mut().find(|other| other.name.is(system.name.as_str())).ok_or(ListError::Unknown)?;
        Ok(std::mem::replace(place, system))
    }

    /// Renames a system; its position and id stay the same. Changing only the case is allowed.
    ///
    /// # Errors
    ///
    /// If no system has the old name, or another one has the new name.
    pub fn rename(&mut self, name: &str, new: SystemName) -> Result<(), ListError> {
        let id = self.get(name).ok_or(ListError::Unknown)?.id;
        if let Some(other) = self.get(new.as_str()).filter(|other| other.id != id) {
            return Err(ListError::NameTaken(other.name.clone()));
        }
        for system in self.0.iter_mut().filter(|system| system.id == id) {
            system.name = new.clone();
        }
        Ok(())
    }

    /// Removes the system `name`.
    ///
    /// # Errors
    ///
    /// If no system has that name.
    pub fn remove(&mut self, name: &str) -> Result<System, ListError> {
        let index = self.0.iter().position(|system| system.name.is(name)).ok_or(ListError::Unknown)?;
        Ok(self.0.remove(index))
    }

    /// Records the result of a test, unless the system has been removed.
    pub fn record(&mut self, id: SystemId, test: LastTest) {
        for system in self.0.iter_mut().filter(|system| system.id == id) {
            system.last_test = Some(test);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::systems::system::tests::system;

    fn names(systems: &Systems) -> Vec<&str> {
        systems.iter().map(|system| system.name.as_str()).collect()
    }

    fn list(names: &[&str]) -> Systems {
        let mut systems = Systems::default();
        for (number, name) in (1..).zip(names) {
            systems.add(system(number, name)).unwrap();
        }
        systems
    }

    #[test]
    fn systems_stay_in_the_order_in_which_they_were_saved() {
        let mut systems = list(&["prod", "dev", "test"]);
        systems.rename("prod", SystemName::new("live").unwrap()).unwrap();
        assert_eq!(names(&systems), ["live", "dev", "test"]);
        assert_eq!(systems.remove("DEV").unwrap().name.as_str(), "dev");
        assert_eq!(names(&systems), ["live", "test"]);
    }

    #[test]
    fn a_name_is_used_once_regardless_of_case() {
        let mut systems = list(&["Dev", "prod"]);
        let taken = ListError::NameTaken(SystemName::new("Dev").unwrap());
        assert_eq!(systems.add(system(9, "dev")), Err(taken.clone()));
        assert_eq!(systems.rename("prod", SystemName::new("DEV").unwrap()), Err(taken));
        assert_eq!(systems.rename("Dev", SystemName::new("dev").unwrap()), Ok(()));
        assert_eq!(names(&systems), ["dev", "prod"]);
    }

    #[test]
    fn an_unknown_system_cannot_be_renamed_replaced_or_removed() {
        let mut systems = list(&["dev"]);
        assert_eq!(systems.rename("x", SystemName::new("y").unwrap()), Err(ListError::Unknown));
        assert_eq!(systems.remove("x"), Err(ListError::Unknown));
        assert_eq!(systems.replace(system(7, "x")), Err(ListError::Unknown));
    }

    #[test]
    fn a_replaced_system_keeps_its_place_and_gets_a_new_id() {
        let mut systems = list(&["dev", "prod"]);
        assert_eq!(systems.replace(system(1, "dev")), Err(ListError::IdTaken));
        let old = systems.replace(system(8, "dev")).unwrap();
        assert_eq!(old.id, SystemId::new([1; 16]));
        assert_eq!(names(&systems), ["dev", "prod"]);
        assert!(systems.holds(SystemId::new([8; 16])));
    }
}
