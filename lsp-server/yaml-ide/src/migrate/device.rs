//! Claims on devices: what is asked for exactly stands in `exactly`.

use super::{Field, Migration};
use crate::object::Object;

impl Migration<'_> {
    pub(super) fn claim(&mut self, spec: Object<'_>) {
        let devices = spec.object("devices");
        for request in devices.map(|it| it.objects("requests")).unwrap_or_default() {
            self.request(request);
        }
    }

    fn request(&mut self, request: Object<'_>) {
        if request.has("exactly") || request.has("firstAvailable") {
            return;
        }
        let asked: Vec<_> = request
            .pairs()
            .filter(|(key, _, _)| key != "name")
            .collect();
        let fields = asked.iter().map(|(key, entry, _)| self.moved(*entry, key));
        let exactly = Field::Object("exactly", fields.collect());
        let keys: Vec<&str> = asked.iter().map(|(key, _, _)| key.as_str()).collect();
        if let Some((first, others)) = keys.split_first() {
            self.replace(request, first, &[exactly]);
            self.remove(request, others);
        }
    }
}
