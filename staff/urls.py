"""Addresses of signing in, our own people and their units, to-dos, exports, search."""

from django.contrib.auth import views as auth_views
from django.urls import path, reverse_lazy

from staff.views import (
    absences,
    account,
    exports,
    lists,
    office,
    people,
    positions,
    search,
    skills,
    units,
    work,
)

app_name = "staff"

account_urls = [
    path("login/", account.SignInView.as_view(), name="login"),
    path("logout/", auth_views.LogoutView.as_view(), name="logout"),
    path(
        "password/",
        account.OwnPasswordView.as_view(success_url=reverse_lazy("staff:password_change_done")),
        name="password_change",
    ),
    path(
        "password/done/",
        auth_views.PasswordChangeDoneView.as_view(),
        name="password_change_done",
    ),
]
notification_urls = [
    path("notifications/", work.notification_list, name="notification_list"),
    path("notifications/read/", work.notification_read_all, name="notification_read_all"),
    path("notifications/<uuid:pk>/", work.notification_open, name="notification_open"),
]
work_urls = [
    path("tasks/", work.task_list, name="task_list"),
]
export_urls = [
    path("exports/", exports.export_list, name="export_list"),
    path("exports/new/<str:list_name>/", exports.export_create, name="export_create"),
    path("exports/approvals/", exports.ExportQueueView.as_view(), name="export_queue"),
    path("exports/<uuid:pk>/", exports.export_detail, name="export_detail"),
    path("exports/<uuid:pk>/file/", exports.export_download, name="export_download"),
    path("exports/<uuid:pk>/approve/", exports.export_approve, name="export_approve"),
    path("exports/<uuid:pk>/refuse/", exports.export_refuse, name="export_refuse"),
]
unit_urls = [
    path("people/units/", units.unit_list, name="unit_list"),
    path("people/units/<int:pk>/", units.unit_detail, name="unit_detail"),
    path("people/units/<int:pk>/new/", units.unit_create, name="unit_create"),
    path("people/units/<int:pk>/edit/", units.unit_edit, name="unit_edit"),
    path("people/units/<int:pk>/move/", units.unit_move, name="unit_move"),
    path("people/units/<int:pk>/close/", units.unit_close, name="unit_close"),
    path("people/units/<int:pk>/reopen/", units.unit_reopen, name="unit_reopen"),
    path("people/units/moves/<uuid:pk>/undo/", units.unit_move_undo, name="unit_move_undo"),
]
people_urls = [
    path("me/", people.my_page, name="my_page"),
    path("people/", people.PersonListView.as_view(), name="person_list"),
    path("people/new/", people.person_create, name="person_create"),
    path("people/<int:pk>/", people.person_detail, name="person_detail"),
    path("people/<int:pk>/edit/", people.person_edit, name="person_edit"),
    path("people/<int:pk>/password/", people.person_password, name="person_password"),
    path("people/<int:pk>/disable/", people.person_disable, name="person_disable"),
    path("people/<int:pk>/enable/", people.person_enable, name="person_enable"),
    path("people/<int:pk>/positions/new/", positions.appointment_create, name="appointment_create"),
]
position_urls = [
    path("people/positions/", positions.position_list, name="position_list"),
    path("people/positions/new/", positions.position_create, name="position_create"),
    path("people/positions/<uuid:pk>/edit/", positions.position_edit, name="position_edit"),
    path("appointments/<uuid:pk>/end/", positions.appointment_end, name="appointment_end"),
]
absence_urls = [
    path("absences/", absences.AbsenceListView.as_view(), name="absence_list"),
    path("absences/new/", absences.absence_create, name="absence_create"),
    path("absences/<uuid:pk>/", absences.absence_detail, name="absence_detail"),
    path("absences/<uuid:pk>/approve/", absences.absence_approve, name="absence_approve"),
    path("absences/<uuid:pk>/refuse/", absences.absence_refuse, name="absence_refuse"),
    path("absences/<uuid:pk>/take-back/", absences.absence_take_back, name="absence_take_back"),
]
office_urls = [
    path("policies/", office.policy_list, name="policy_list"),
    path("policies/accept/", office.policy_acknowledge, name="policy_acknowledge"),
    path("policies/<slug:kind>/edit/", office.policy_edit, name="policy_edit"),
    path("loans/", office.LoanListView.as_view(), name="loan_list"),
    path("loans/new/", office.loan_create, name="loan_create"),
    path("loans/<uuid:pk>/return/", office.loan_return, name="loan_return"),
    path("duty/", office.duty_list, name="duty_list"),
    path("duty/new/", office.duty_create, name="duty_create"),
    path("duty/<uuid:pk>/remove/", office.duty_remove, name="duty_remove"),
]

skill_urls = [
    path("people/<int:pk>/skills/", skills.person_skills, name="person_skills"),
    path("training/", skills.training_page, name="training"),
    path("training/sessions/new/", skills.session_create, name="session_create"),
    path("training/sessions/<uuid:pk>/", skills.session_detail, name="session_detail"),
    path("training/career/<uuid:pk>/", skills.career_edit, name="career_edit"),
]
search_urls = [path("search/", search.search_page, name="search")]

list_urls = [
    path("filters/", lists.saved_filter_list, name="saved_filter_list"),
    path("filters/new/<str:list_name>/", lists.saved_filter_create, name="saved_filter_create"),
    path("filters/<uuid:pk>/", lists.saved_filter_edit, name="saved_filter_edit"),
    path("filters/<uuid:pk>/delete/", lists.saved_filter_delete, name="saved_filter_delete"),
    path("filters/<uuid:pk>/restore/", lists.saved_filter_restore, name="saved_filter_restore"),
    path("filters/<uuid:pk>/up/", lists.saved_filter_up, name="saved_filter_up"),
    path("filters/<uuid:pk>/default/", lists.saved_filter_default, name="saved_filter_default"),
    path("columns/<str:list_name>/", lists.list_columns, name="list_columns"),
]

urlpatterns = [
    *list_urls,
    *search_urls,
    *skill_urls,
    *office_urls,
    *absence_urls,
    *account_urls,
    *notification_urls,
    *work_urls,
    *export_urls,
    *unit_urls,
    *people_urls,
    *position_urls,
]
